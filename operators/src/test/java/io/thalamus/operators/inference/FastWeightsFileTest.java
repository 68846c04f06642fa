/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.schemas.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FastWeightsFileTest {
    @TempDir private Path folder;

    @Test
    void comeBackAsTheyWere() throws Exception {
        FastWeights weights =
                new FastWeights(
                        123_456_789_012L,
                        Map.of("conv1.weight", new float[] {1, -2.5f}),
                        Map.of(
                                "reset",
                                new float[] {0.1f, Float.NaN, -0.0f},
                                "frozen",
                                new float[0]));
        Path file = folder.resolve("learned.safetensors");
        for (String bundle : List.of("0f".repeat(BoundWeights.DIGEST_BYTES), "")) {
            for (String preset : List.of("tent", "")) {
                BoundWeights bound = new BoundWeights(weights, bundle, preset);
                FastWeightsFile.write(file, bound);
                assertThat(FastWeightsFile.read(file)).isEqualTo(bound);
            }
        }
        assertThat(Safetensors.open(file).names())
                .containsExactlyInAnyOrder(
                        "delta/conv1.weight", "memory/reset", "memory/frozen", "updates");
    }

    @Test
    void anotherFileIsRefused() throws Exception {
        Path file = folder.resolve("weights.safetensors");
        SafetensorsWriter.write(file, Map.of("conv1.weight", Tensor.of(new float[1], 1)));
        assertThatThrownBy(() -> FastWeightsFile.read(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("holds conv1.weight, which no fast weights have");
    }
}
