/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.operators.inference.verification.BundleResult;
import io.thalamus.operators.inference.verification.BundleVerifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the command {@code verify} says of the reference's own cases. */
class DuinVerificationTest {

    @ParameterizedTest
    @MethodSource("io.thalamus.models.neural.duin.TestBundles#bundlesAndEngines")
    void passesEveryTensor(String name, String engineName) {
        try (GraphEngine engine = TestEngines.open(engineName)) {
            BundleResult result =
                    new BundleVerifier(engine, getClass().getClassLoader())
                            .verify(TestBundles.bundle(name).folder());
            assertThat(result.ok()).as("%s", result).isTrue();
            assertThat(result.notCompared()).isEmpty();
            assertThat(result.architecture()).isEqualTo("duin");
        }
    }
}
