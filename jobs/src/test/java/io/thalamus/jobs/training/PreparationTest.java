/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.TrainingTask;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a mask model, whose tokenizer was trained on other signals. */
class PreparationTest {
    private static final ModelFactory DUIN =
            ModelFactories.forArchitecture("duin", PreparationTest.class.getClassLoader());
    private static final SampleRate RATE = SampleRate.ofHertz(100);
    private static final List<String> CHANNELS = List.of("a", "b");
    private static final String MEASURED =
            "standard, population standard deviation, fitted on the training rows";

    @TempDir private Path folder;

    private static TrainingData data() {
        float[] samples = new float[2 * 4000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = i % 7;
        }
        SignalFrame frame = new SignalFrame("S01", 0, 0, 0, RATE, CHANNELS, samples, 0);
        return new TrainingData(
                "S01.csv", Map.of("S01", List.of(new Stretch(frame, 0))), List.of(), 0);
    }

    /**
     * @param scaler what the tokenizer's configuration says of the figures
     */
    private Preparation prepared(Task task, String scaler) throws IOException {
        Path former = Files.createDirectories(folder.resolve("codes"));
        ObjectNode config =
                DUIN.recipe(
                                new TrainingTask(
                                        "vqvae",
                                        CHANNELS,
                                        RATE,
                                        List.of(),
                                        List.of("S01"),
                                        Optional.empty()))
                        .configuration();
        ObjectMapper json = new ObjectMapper();
        config.set("dataset", json.readTree("{\"columns\": [\"a\", \"b\"]" + scaler + "}"));
        json.writeValue(former.resolve("config.json").toFile(), config);
        TrainingOptions options =
                new TrainingOptions(
                        "duin",
                        task,
                        task == Task.MAE ? former : null,
                        List.of(),
                        Split.of("0.6/0.2/0.2"),
                        1,
                        0,
                        List.of(0.5),
                        1,
                        null,
                        null,
                        null,
                        null,
                        null,
                        "none",
                        folder.resolve("out"),
                        false,
                        false,
                        Duration.ofMinutes(10),
                        true,
                        "train it");
        return Preparation.of(data(), options, DUIN);
    }

    private static float first(Preparation prepared) {
        return prepared.streams().get("S01").get(0).samples().sample(0, 3);
    }

    @Test
    void theTeacherGetsWhatItWasTrainedWith() throws IOException {
        Preparation prepared =
                prepared(Task.MAE, ", \"scaler\": {\"mean\": [1, 2], \"std\": [4, 5]}");
        assertThat(first(prepared)).isEqualTo((3f - 1) / 4);
        assertThat(prepared.bundle().config().root().path("dataset").path("scaler"))
                .hasToString(
                        "{\"kind\":\"standard, population standard deviation, those of codes\","
                                + "\"mean\":[1.0,2.0],\"std\":[4.0,5.0]}");
    }

    @Test
    void figuresThatNobodyTellsAreMeasured() throws IOException {
        Preparation own = prepared(Task.VQVAE, "");
        assertThat(first(own)).isBetween(-0.1f, 0.1f);
        Preparation untold = prepared(Task.MAE, "");
        assertThat(first(untold)).isEqualTo(first(own));
        assertThat(untold.bundle().config().root().at("/dataset/scaler/kind").asText())
                .isEqualTo(MEASURED);
    }

    @Test
    void saysWhichFiguresCannotBeUsed() {
        assertRefused("[[1, 2], [1, 2]]", "[4, 5]", "a training standardises all subjects alike");
        assertRefused("[1, 2, 3]", "[4, 5]", "dataset.scaler.mean must be a list of 2 numbers");
        assertRefused("[1, 2]", "[4, 0]", "dataset.scaler.std must be above 0 for each channel");
    }

    private void assertRefused(String mean, String deviation, String words) {
        String scaler = ", \"scaler\": {\"mean\": %s, \"std\": %s}".formatted(mean, deviation);
        assertThatThrownBy(() -> prepared(Task.MAE, scaler))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(words);
    }
}
