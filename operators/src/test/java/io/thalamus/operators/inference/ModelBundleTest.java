/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelBundleTest {
    @TempDir private Path parent;
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(parent.resolve("affine-2-3"));
    }

    @Test
    void givesWhatIsInTheFolder() throws IOException {
        config("{\"architecture\": \"affine\", \"outputs\": 2, \"scale\": 0.5}");
        new SafetensorsFile().floats("w", new int[] {2}, 1, 2).write(weights());
        ModelBundle bundle = ModelBundle.open(folder);
        assertThat(bundle.name()).isEqualTo("affine-2-3");
        assertThat(bundle.folder()).isEqualTo(folder);
        assertThat(bundle.config().text("architecture")).isEqualTo("affine");
        assertThat(bundle.config().integer("outputs", 1)).isEqualTo(2);
        assertThat(bundle.config().number("scale", 1)).isEqualTo(0.5);
        assertThat(bundle.config().number("shift", 7)).isEqualTo(7);
        assertThat(bundle.config().has("shift")).isFalse();
        assertThat(bundle.weight(bundle.weights(), "w", 2).data()).containsExactly(1, 2);
        assertThat(bundle.cases()).isEmpty();
        new SafetensorsFile().floats("c0.x", new int[] {1}, 1).write(cases());
        assertThat(bundle.cases().orElseThrow().names()).containsExactly("c0.x");
    }

    @Test
    void itsDigestIsOfWhatDecidesWhatTheNetworkComputes() throws IOException {
        config("{}");
        String without = ModelBundle.open(folder).digest();
        assertThat(without).matches("[0-9a-f]{64}");
        new SafetensorsFile().floats("w", new int[] {2}, 1, 2).write(weights());
        String with = ModelBundle.open(folder).digest();
        assertThat(with).isNotEqualTo(without);
        new SafetensorsFile().floats("c0.x", new int[] {1}, 1).write(cases());
        assertThat(ModelBundle.open(folder).digest()).isEqualTo(with);
        Files.move(weights(), folder.resolve(ModelBundle.SOURCE_STATISTICS));
        assertThat(ModelBundle.open(folder).digest()).isNotIn(without, with);
    }

    @Test
    void knowsItsNameByWhateverPath() throws IOException {
        config("{}");
        Path roundabout = folder.resolve("..").resolve("affine-2-3").resolve(".");
        assertThat(ModelBundle.open(roundabout).name()).isEqualTo("affine-2-3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"config.json", "weights.safetensors", "cases.safetensors", "metrics.json"})
    void readsNothingThatLiesElsewhere(String name) throws IOException {
        config("{}");
        Path secret = Files.writeString(parent.resolve("secret"), "{}");
        Files.deleteIfExists(folder.resolve(name));
        Files.createSymbolicLink(folder.resolve(name), secret);
        assertThatThrownBy(
                        () -> {
                            ModelBundle bundle = ModelBundle.open(folder);
                            bundle.metrics();
                            bundle.cases();
                            bundle.weights();
                        })
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(name + " leads out of its folder");
    }

    @Test
    void isToldFromOtherFolders() throws IOException {
        assertThat(ModelBundle.isBundle(folder)).isFalse();
        config("{}");
        assertThat(ModelBundle.isBundle(folder)).isTrue();
        assertThat(ModelBundle.isBundle(parent.resolve("nowhere"))).isFalse();
    }

    @Test
    void refusesWhatIsNoFolder() throws IOException {
        assertRefused(() -> ModelBundle.open(parent.resolve("nowhere")), "nowhere", "is no folder");
        Path file = Files.writeString(parent.resolve("file"), "");
        assertRefused(() -> ModelBundle.open(file), "file", "is no folder");
        assertRefused(() -> ModelBundle.open(folder), "config.json", "does not exist");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"a\": 1, \"a\": 2}",
                "{} {}",
                "\u0000",
                "{\"a\": NaN}"
            })
    void refusesConfigurationsThatAreNoObject(String text) throws IOException {
        config(text);
        assertRefused(() -> ModelBundle.open(folder), "config.json");
    }

    @Test
    void saysWhichFieldIsWrongAndWhatItIs() throws IOException {
        config(
                "{\"architecture\": 3, \"outputs\": \"two\", \"inputs\": 0, \"rate\": 1.5,"
                        + " \"huge\": 99999999999, \"scale\": \"big\", \"far\": 1e999}");
        BundleConfig config = ModelBundle.open(folder).config();
        assertRefused(() -> config.text("architecture"), "architecture", "a text", "is 3");
        assertRefused(() -> config.text("kind"), "kind", "is missing");
        assertRefused(() -> config.integer("outputs", 1), "outputs", "at least 1", "\"two\"");
        assertRefused(() -> config.integer("inputs", 1), "inputs", "at least 1", "is 0");
        assertRefused(() -> config.integer("rate", 1), "rate", "is 1.5");
        assertRefused(() -> config.integer("huge", 1), "huge", "is 99999999999");
        assertRefused(() -> config.number("scale", 1), "scale", "a number", "\"big\"");
        assertRefused(() -> config.number("far", 1), "far", "a number");
    }

    @Test
    void saysWhatIsWrongWithAWeight() throws IOException {
        config("{}");
        new SafetensorsFile()
                .floats("w", new int[] {2, 3}, 1, 2, 3, 4, 5, 6)
                .floats("nan", new int[] {1}, Float.NaN)
                .write(weights());
        ModelBundle bundle = ModelBundle.open(folder);
        Safetensors weights = bundle.weights();
        assertRefused(
                () -> bundle.weight(weights, "w", 3, 2),
                "weights.safetensors",
                "tensor w",
                "[2, 3]",
                "config.json calls for [3, 2]");
        assertRefused(() -> bundle.weight(weights, "w", 6), "tensor w", "[6]");
        assertRefused(
                () -> bundle.weight(weights, "v", 2),
                "weights.safetensors has no tensor v, which config.json calls for");
        assertRefused(() -> bundle.weight(weights, "nan", 1), "weights.safetensors", "nan", "NaN");
    }

    @Test
    void saysThatWeightsAreMissing() throws IOException {
        config("{}");
        assertRefused(
                () -> ModelBundle.open(folder).weights(), "weights.safetensors", "does not exist");
    }

    private void config(String text) throws IOException {
        Files.writeString(folder.resolve("config.json"), text);
    }

    private Path weights() {
        return folder.resolve("weights.safetensors");
    }

    private Path cases() {
        return folder.resolve("cases.safetensors");
    }

    private void assertRefused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(parts)
                .hasMessageContaining(parent.toString())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }
}
