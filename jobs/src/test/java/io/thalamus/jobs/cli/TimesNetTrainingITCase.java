/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a simulated load series to a bundle that is deployed, with the smallest networks. */
class TimesNetTrainingITCase {
    private static final int HOURS = 600;
    private static final String[] SMALL = {
        "--set",
        "seq_len=24",
        "--set",
        "d_model=4",
        "--set",
        "d_ff=4",
        "--set",
        "e_layers=1",
        "--set",
        "top_k=2",
        "--set",
        "num_kernels=2",
        "--hop",
        "3",
        "--batch",
        "16",
        "--fill",
        "6"
    };

    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void simulate() throws IOException {
        String hours = Integer.toString(HOURS);
        String recording = folder.resolve("load.csv").toString();
        assertThat(thalamus("simulate", recording, "--hours", hours, "--gaps", "1")).isZero();
        StringBuilder labels = new StringBuilder("stream,onset,duration,text\n");
        LocalDateTime start = LocalDateTime.of(2024, 1, 1, 0, 0);
        for (int day = 0; day < HOURS / 24; day++) {
            labels.append(
                    "load,%s,86400,%s\n"
                            .formatted(start.plusDays(day), day % 7 < 5 ? "workday" : "weekend"));
        }
        Files.writeString(folder.resolve("labels.csv"), labels);
    }

    private int thalamus(String... arguments) {
        out.reset();
        Console console =
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false);
        return ThalamusCommand.execute(console, arguments);
    }

    private int train(String task, String bundle, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "train",
                                "timesnet",
                                "--json",
                                "--task",
                                task,
                                "--data",
                                folder.resolve("load.csv").toString(),
                                "--out",
                                folder.resolve(bundle).toString()));
        arguments.addAll(List.of(SMALL));
        arguments.addAll(List.of(more));
        return thalamus(arguments.toArray(String[]::new));
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out.toByteArray());
    }

    @Test
    void forecastsWithWhatItLearned() throws IOException {
        assertThat(
                        train(
                                "long_term_forecast",
                                "net",
                                "--set",
                                "pred_len=12",
                                "--epochs",
                                "6",
                                "--schedule",
                                "constant",
                                "--learning-rate",
                                "0.01"))
                .isZero();
        JsonNode epochs = json().path("metrics").path("epochs");
        assertThat(epochs.path(epochs.size() - 1).path("training").asDouble())
                .isLessThan(0.9 * epochs.path(0).path("training").asDouble());
        double mse = json().path("metrics").path("test").path("mse").asDouble();
        assertThat(mse).isBetween(0.1, 2.0);

        assertThat(thalamus("verify", folder.resolve("net").toString())).isZero();
        Path pipeline = folder.resolve("pipeline.yaml");
        Files.writeString(
                pipeline,
                """
                name: trained
                source: {type: csv, path: load.csv, interval: 1h}
                transforms:
                  - {id: fill, type: fill-missing, limit: 6}
                  - {id: scale, type: standardise, statistics: bundle}
                window: {hop: 3}
                model: {bundle: net}
                sink: {type: jsonl, path: forecasts}
                dead-letters: {type: jsonl, path: letters}
                """);
        assertThat(thalamus("run", pipeline.toString(), "--json")).isZero();
        assertThat(json().path("metrics").path("windows").asInt()).isGreaterThan(100);
        assertThat(json().path("metrics").path("mse").asDouble()).isBetween(0.5 * mse, 2 * mse);
    }

    @ParameterizedTest
    @ValueSource(strings = {"short_term_forecast", "imputation", "anomaly_detection"})
    void learnsEveryTaskOfSamples(String task) throws IOException {
        String horizon = task.equals("short_term_forecast") ? "pred_len=6" : "pred_len=0";
        assertThat(train(task, "net", "--epochs", "1", "--set", horizon)).isZero();

        assertThat(json().path("metrics").path("test").path("mse").asDouble()).isPositive();
        assertThat(thalamus("verify", folder.resolve("net").toString())).isZero();
    }

    @Test
    void learnsClasses() throws IOException {
        String labels = folder.resolve("labels.csv").toString();
        assertThat(train("classification", "net", "--epochs", "1", "--labels", labels)).isZero();

        assertThat(json().path("metrics").path("test").path("accuracy").asDouble()).isPositive();
        assertThat(thalamus("verify", folder.resolve("net").toString())).isZero();
    }
}
