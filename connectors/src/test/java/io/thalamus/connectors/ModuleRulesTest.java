/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "io.thalamus.connectors",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleRulesTest {
    private static final String MODULE = "io.thalamus.connectors.";

    @ArchTest
    static final ArchRule importsSchemasAndFlink =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            MODULE + ".",
                            "io.thalamus.schemas..",
                            "org.apache.flink..",
                            "org.apache.kafka..",
                            "org.apache.avro..",
                            "com.github.luben.zstd..",
                            "com.fasterxml.jackson..",
                            "org.slf4j..",
                            "java..",
                            "javax.net.ssl..",
                            "javax.xml..");

    @ArchTest
    static final ArchRule onlyOnePackageKnowsKafka =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(MODULE + "kafka..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.kafka..");

    /** Registries hand out Avro's schemas, and our own recordings are its containers. */
    @ArchTest
    static final ArchRule onlyRegistriesAndRecordingsKnowAvro =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(MODULE + "kafka..", MODULE + "recording..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.avro..", "com.github.luben.zstd..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(MODULE + "(**)").should().beFreeOfCycles();
}
