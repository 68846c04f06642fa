/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.schemas.InvalidInputException;
import java.nio.file.Path;
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
                        Map.of("reset", new float[] {0.1f}));
        Path file = folder.resolve("learned.safetensors");
        FastWeightsFile.write(file, weights);
        assertThat(FastWeightsFile.read(file)).isEqualTo(weights);
        assertThat(Safetensors.open(file).names())
                .containsExactlyInAnyOrder("delta/conv1.weight", "memory/reset", "updates");
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
