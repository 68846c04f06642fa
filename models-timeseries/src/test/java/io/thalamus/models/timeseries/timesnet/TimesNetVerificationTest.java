/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.operators.inference.verification.BundleResult;
import io.thalamus.operators.inference.verification.BundleVerifier;
import io.thalamus.operators.inference.verification.TensorResult;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the command {@code verify} says of TimesNet's bundles. */
class TimesNetVerificationTest {

    @ParameterizedTest
    @MethodSource("io.thalamus.models.timeseries.timesnet.TestBundles#bundlesAndEngines")
    void passes(String path, String engineName) {
        Path folder = TestBundles.bundle(path).folder();
        try (GraphEngine engine = TestEngines.open(engineName)) {
            BundleResult result =
                    new BundleVerifier(engine, getClass().getClassLoader()).verify(folder);
            assertThat(result.results()).isNotEmpty().allMatch(TensorResult::ok);
            assertThat(result.ok()).isTrue();
            assertThat(result.architecture()).isEqualTo("timesnet");
        }
    }
}
