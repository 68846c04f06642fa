/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.verification.BundleResult;
import io.thalamus.operators.inference.verification.BundleVerifier;
import io.thalamus.operators.inference.verification.TensorResult;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * A stream of spoken digits through networks that learn on it, against the reference. The
 * recordings are not part of this project; where they are not, this is skipped.
 */
class LearningStreamTest {
    private static final Path REFERENCE =
            Path.of(System.getProperty("thalamus.golden-hebbian", "../../shared/golden/hebbian"));

    @Test
    void agreesWithTheReference() {
        assumeTrue(
                Files.exists(REFERENCE.resolve("fsdd_stream.safetensors")),
                "this test needs the stream of spoken digits, in " + REFERENCE);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT)) {
            BundleResult result =
                    new BundleVerifier(engine, getClass().getClassLoader()).verify(REFERENCE);
            assertThat(result.reason()).isNull();
            assertThat(result.notCompared()).isEmpty();
            assertThat(result.results())
                    .filteredOn(tensor -> tensor.caseName().startsWith("fsdd_stream/"))
                    .hasSize(24)
                    .allMatch(TensorResult::ok);
        }
    }
}
