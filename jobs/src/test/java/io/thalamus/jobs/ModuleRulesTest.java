/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.thalamus.jobs", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleRulesTest {

    @ArchTest
    static final ArchRule JOBS_NAME_NO_MODEL =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.thalamus.models..");

    @ArchTest
    static final ArchRule JOBS_NAME_NO_ENGINE =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("ai.djl..", "com.sun.jna..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.thalamus.jobs.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule REPORTS_AND_SPEC_RUN_NOTHING =
            noClasses()
                    .that()
                    .resideInAnyPackage("io.thalamus.jobs.report", "io.thalamus.jobs.spec")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.flink.streaming..");
}
