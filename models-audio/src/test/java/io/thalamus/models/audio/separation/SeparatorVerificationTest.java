/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.operators.inference.verification.BundleResult;
import io.thalamus.operators.inference.verification.BundleVerifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the command {@code verify} says of the reference's own cases. */
class SeparatorVerificationTest {

    @ParameterizedTest
    @MethodSource("io.thalamus.models.audio.separation.TestBundles#bundlesAndEngines")
    void passes(String name, String engineName) {
        ModelBundle bundle = TestBundles.bundle(name);
        try (GraphEngine engine = TestEngines.open(engineName)) {
            BundleResult result =
                    new BundleVerifier(engine, getClass().getClassLoader()).verify(bundle.folder());
            assertThat(result.ok()).as("%s", result).isTrue();
            assertThat(result.architecture()).isEqualTo("mossformer2");
            int inputs = bundle.config().sections("cases").size();
            assertThat(result.results())
                    .as("every stored tensor is compared")
                    .hasSize(bundle.cases().orElseThrow().names().size() - inputs);
        }
    }
}
