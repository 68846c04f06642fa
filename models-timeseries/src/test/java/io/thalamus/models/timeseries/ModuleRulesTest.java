/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "io.thalamus.models.timeseries",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleRulesTest {
    private static final String OPERATORS = "io.thalamus.operators.";

    /** Never Flink, never DJL, and no back end by its name. */
    @ArchTest
    static final ArchRule importsSchemasAndTheOperatorsContracts =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "io.thalamus.models.timeseries..",
                            "io.thalamus.schemas..",
                            OPERATORS + "signal..",
                            OPERATORS + "inference",
                            OPERATORS + "inference.training",
                            OPERATORS + "adaptation..",
                            "com.fasterxml.jackson.databind..",
                            "java..");
}
