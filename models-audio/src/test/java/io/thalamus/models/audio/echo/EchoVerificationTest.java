/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.operators.inference.verification.BundleResult;
import io.thalamus.operators.inference.verification.BundleVerifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the command {@code verify} says of the reference's own cases. */
class EchoVerificationTest {

    @ParameterizedTest
    @MethodSource("io.thalamus.models.audio.echo.TestBundles#bundlesAndEngines")
    void passes(String name, String engineName) {
        try (GraphEngine engine = TestEngines.open(engineName)) {
            BundleResult result =
                    new BundleVerifier(engine, getClass().getClassLoader())
                            .verify(TestBundles.bundle(name).folder());
            assertThat(result.ok()).as("%s", result).isTrue();
            assertThat(result.results()).hasSizeGreaterThan(20);
            assertThat(result.ok()).as("%s", result).isTrue();
            assertThat(result.architecture()).isEqualTo("complex-d3net");
        }
    }
}
