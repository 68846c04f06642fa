/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "io.thalamus.operators",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleRulesTest {
    private static final String MODULE = "io.thalamus.operators.";

    @ArchTest
    static final ArchRule onlyStreamKnowsFlink =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(MODULE + "stream..", MODULE + "sql..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule onlyInferenceKnowsDjl =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(MODULE + "inference..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule onlyOnePackageKnowsMxNet =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(MODULE + "inference.mxnet..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ai.djl.mxnet..");

    @ArchTest
    static final ArchRule onlySignalKnowsJTransforms =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(MODULE + "signal..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.jtransforms..", "pl.edu.icm..", "org.visnow..");

    @ArchTest
    static final ArchRule adaptationStandsAlone =
            noClasses()
                    .that()
                    .resideInAPackage(MODULE + "adaptation..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            MODULE + "signal..",
                            MODULE + "inference..",
                            MODULE + "stream..",
                            MODULE + "sql..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(MODULE + "(**)").should().beFreeOfCycles();
}
