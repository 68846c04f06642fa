/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.FastWeightsFile;
import io.thalamus.schemas.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitialWeightsTest {
    private static final String BUNDLE = "0f".repeat(BoundWeights.DIGEST_BYTES);
    private static final String OTHER = "1e".repeat(BoundWeights.DIGEST_BYTES);
    private static final FastWeights LEARNED =
            new FastWeights(3, Map.of("gain", new float[] {1, -2}));

    @TempDir private Path folder;

    private InitialWeights weights() {
        return InitialWeights.of(folder.toString(), folder, BUNDLE, "nhl");
    }

    private void write(String stream, String bundle) throws Exception {
        write(stream, bundle, "nhl");
    }

    private void write(String stream, String bundle, String preset) throws Exception {
        FastWeightsFile.write(
                FastWeightsFile.of(folder, stream), new BoundWeights(LEARNED, bundle, preset));
    }

    @Test
    void areThoseOfTheStreamsFile() throws Exception {
        write("ward 3/bed 2", BUNDLE);
        try (InitialWeights weights = weights()) {
            weights.check();
            assertThat(weights.of("ward 3/bed 2")).isEqualTo(LEARNED);
            assertThat(weights.of("ward 3/bed 1")).isEqualTo(FastWeights.none());
        }
    }

    @Test
    void thoseOfAnotherBundleAreRefused() throws Exception {
        write("a", BUNDLE);
        write("b", OTHER);
        try (InitialWeights weights = weights()) {
            assertThatThrownBy(weights::check)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("b.safetensors was learned with a bundle of sha256 1e1e")
                    .hasMessageContaining("name the bundle that it was learned with");
            assertThatThrownBy(() -> weights.of("b")).isInstanceOf(InvalidInputException.class);
        }
        write("b", "");
        try (InitialWeights weights = weights()) {
            assertThatThrownBy(weights::check)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("does not say which bundle it was learned with");
        }
    }

    @Test
    void thoseOfAnotherPresetAreRefused() throws Exception {
        write("a", BUNDLE);
        write("b", BUNDLE, "tent");
        try (InitialWeights weights = weights()) {
            assertThatThrownBy(weights::check)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(
                            "b.safetensors was learned by tent, which nhl cannot go on from; give"
                                    + " adaptation.preset: tent");
            assertThatThrownBy(() -> weights.of("b")).isInstanceOf(InvalidInputException.class);
        }
        write("b", BUNDLE, "");
        try (InitialWeights weights = weights()) {
            assertThatThrownBy(weights::check)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("does not say by which preset it was learned");
        }
    }

    @Test
    void aFolderWithoutAnyIsRefused() throws Exception {
        try (InitialWeights weights = weights()) {
            assertThatThrownBy(weights::check)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("holds no file that ends in .safetensors");
        }
        Path file = Files.createFile(folder.resolve("a.safetensors"));
        assertThatThrownBy(() -> InitialWeights.of(file.toString(), folder, BUNDLE, "nhl"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is no folder");
    }
}
