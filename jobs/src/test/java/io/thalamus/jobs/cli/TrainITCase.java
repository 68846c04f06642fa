/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.jobs.TinyPipeline;
import io.thalamus.operators.inference.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command with the linear network of the tests, on a made-up recording. */
class TrainITCase {
    private static final int ROWS = 300;
    private static final LocalDateTime START = LocalDateTime.of(2020, 1, 1, 0, 0);

    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Half of each day {@code a} is above what it is in the other, and {@code b} is noise. */
    @BeforeEach
    void record() throws IOException {
        StringBuilder csv = new StringBuilder("date,a,b\n");
        StringBuilder labels = new StringBuilder("stream,onset,end,text\n");
        for (int row = 0; row < ROWS; row++) {
            double noise = (row * 7919 % 101) / 101.0 - 0.5;
            String b = row == 50 ? "" : "%.4f".formatted(noise);
            csv.append(
                    "%s,%.4f,%s\n"
                            .formatted(
                                    START.plusHours(row),
                                    5 + 2 * Math.sin(2 * Math.PI * row / 24),
                                    b));
            if (row % 12 == 0) {
                labels.append(
                        "rhythm,%s,%s,%s\n"
                                .formatted(
                                        START.plusHours(row),
                                        START.plusHours(row + 12),
                                        row % 24 == 0 ? "high" : "low"));
            }
        }
        Files.writeString(folder.resolve("rhythm.csv"), csv);
        Files.writeString(folder.resolve("labels.csv"), labels);
    }

    private int train(String task, String bundle, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "train",
                                "linear",
                                "--task",
                                task,
                                "--data",
                                folder.resolve("rhythm.csv").toString(),
                                "--out",
                                folder.resolve(bundle).toString(),
                                "--engine",
                                "none"));
        arguments.addAll(Arrays.asList(more));
        return thalamus(arguments.toArray(String[]::new));
    }

    private int thalamus(String... arguments) {
        Console console =
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false);
        return ThalamusCommand.execute(console, arguments);
    }

    private JsonNode json() throws IOException {
        JsonNode json = new ObjectMapper().readTree(out.toByteArray());
        out.reset();
        return json;
    }

    private List<String> told() {
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aRecordingBecomesABundleThatForecasts() throws IOException {
        assertThat(train("long_term_forecast", "forecaster", "--fill", "2", "--json")).isZero();

        JsonNode metrics = json().path("metrics");
        assertThat(metrics.path("task").asText()).isEqualTo("long_term_forecast");
        assertThat(metrics.path("command").asText())
                .startsWith("thalamus train linear --task long_term_forecast");
        assertThat(metrics.path("epochs")).hasSizeBetween(3, 5);
        assertThat(metrics.path("data").path("windows").path("training").path("used").asInt())
                .isEqualTo(180 - 12 + 1);
        assertThat(metrics.path("test").path("mse").asDouble()).isBetween(0.01, 1.0);
        assertThat(metrics.path("timing").path("seconds").asDouble()).isPositive();
        Path bundle = folder.resolve("forecaster");
        assertThat(new ObjectMapper().readTree(bundle.resolve("metrics.json").toFile()))
                .isEqualTo(metrics);
        assertThat(bundle.resolve("README.md")).content().contains("| epoch |", "MSE ");
        assertThat(told())
                .hasSize(1 + metrics.path("epochs").size())
                .anySatisfy(line -> assertThat(line).startsWith("epoch 1/5  rate 0.0200"))
                .first()
                .asString()
                .isEqualTo("136 parameters; windows: 169 training, 57 validation, 57 test");

        assertThat(thalamus("verify", bundle.toString(), "--engine", "none")).isZero();
        assertThat(thalamus("inspect", bundle.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("trained       long_term_forecast, on rhythm.csv (300 rows)")
                .contains("test          mse ");
        out.reset();

        Path pipeline = folder.resolve("pipeline.yaml");
        Files.writeString(
                pipeline,
                """
                name: rhythm
                source: {type: csv, path: rhythm.csv, channels: [a, b]}
                transforms:
                  - {id: fill, type: fill-missing, limit: 2}
                  - {id: scale, type: standardise, statistics: bundle}
                window: {hop: 1}
                model: {bundle: forecaster, engine: none}
                sink: {type: jsonl, path: out}
                dead-letters: {type: jsonl, path: letters}
                """);
        assertThat(thalamus("run", pipeline.toString(), "--json")).isZero();
        // Those of all windows, where the test part had a fifth of them.
        assertThat(json().path("metrics").path("mse").asDouble()).isBetween(0.01, 1.0);
        assertThat(TinyPipeline.lines(folder.resolve("out"))).hasSize(ROWS - 8 + 1);
    }

    /** As of a recording that has been prepared, to the bit; the model is still to come. */
    @Test
    void learnsWhatAPipelineWouldGiveItsModel() throws IOException {
        assertThat(train("long_term_forecast", "prepared", "--fill", "2")).isZero();
        Path pipeline = folder.resolve("pipeline.yaml");
        Files.writeString(
                pipeline,
                """
                name: rhythm
                source: {type: kafka, bootstrap: 'b:9092', topic: t, group: g}
                transforms:
                  - {id: fill, type: fill-missing, limit: 2}
                  - {id: scale, type: standardise, statistics: bundle}
                window: {hop: 1}
                model: {bundle: forecaster, engine: none}
                errors: {type: jsonl, path: errors}
                sink: {type: jsonl, path: out}
                """);
        String source =
                "--pipeline-set=source={type: csv, path: '%s', channels: [a, b]}"
                        .formatted(folder.resolve("rhythm.csv"));
        String letters = "--pipeline-set=dead-letters={type: jsonl, path: letters}";
        assertThat(trainOn(pipeline, "forecaster", source, letters)).isZero();

        for (String file : List.of("weights.safetensors", "cases.safetensors")) {
            assertThat(folder.resolve("forecaster").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("prepared").resolve(file));
        }
        assertThat(folder.resolve("out")).doesNotExist();
        err.reset();
        assertRefused(2, "give a recording with --pipeline-set", trainOn(pipeline, "b"));
        assertRefused(
                2,
                "--channels is for --data; set it in the pipeline",
                trainOn(pipeline, "b", source, letters, "--channels", "a"));
        assertRefused(
                2,
                "give either --data or --pipeline",
                train("imputation", "b", "--pipeline", pipeline.toString()));
        Files.writeString(
                pipeline,
                Files.readString(pipeline)
                        .replace("window:", "  - {id: more, type: gain, factor: 2}\nwindow:"));
        assertThat(trainOn(pipeline, "b", source, letters)).isEqualTo(2);
        assertThat(told())
                .singleElement()
                .asString()
                .contains("transforms[1].statistics: comes last where a network is trained");
    }

    private int trainOn(Path pipeline, String bundle, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "train",
                                "linear",
                                "--task",
                                "long_term_forecast",
                                "--pipeline",
                                pipeline.toString(),
                                "--out",
                                folder.resolve(bundle).toString(),
                                "--engine",
                                "none"));
        arguments.addAll(Arrays.asList(more));
        return thalamus(arguments.toArray(String[]::new));
    }

    @Test
    void anImputationIsTestedAtEachRate() throws IOException {
        assertThat(train("imputation", "filler", "--mask-rate", "0.25,0.5", "--json")).isZero();

        JsonNode metrics = json().path("metrics");
        // A missing value keeps no window from being used.
        assertThat(metrics.path("data").path("windows").path("training").path("used").asInt())
                .isEqualTo(180 - 8 + 1);
        assertThat(metrics.path("test").path("byMaskRate"))
                .extracting(rate -> rate.path("rate").asDouble())
                .containsExactly(0.25, 0.5);
        assertThat(metrics.path("test").path("byMaskRate").path(0).path("mse").asDouble())
                .isBetween(0.01, 1.2);
        Safetensors cases = Safetensors.open(folder.resolve("filler/cases.safetensors"));
        assertThat(cases.values("window0.window").values()).contains(Double.NaN);
        assertThat(thalamus("verify", folder.resolve("filler").toString(), "--engine", "none"))
                .isZero();
    }

    @Test
    void anAnomalyDetectorTellsTheQuantilesOfItsScores() throws IOException {
        assertThat(train("anomaly_detection", "detector", "--epochs", "2", "--json")).isZero();

        JsonNode test = json().path("metrics").path("test");
        // 22 windows of 8 in 180 samples, one of which has a missing value.
        assertThat(test.path("trainingScores").path("samples").asInt()).isEqualTo(21 * 8);
        JsonNode percentiles = test.path("trainingScores").path("percentiles");
        assertThat(percentiles.path("50").asDouble())
                .isPositive()
                .isLessThan(percentiles.path("99").asDouble());
        assertThat(percentiles.path("99.5").asDouble())
                .isLessThanOrEqualTo(percentiles.path("100").asDouble());
        assertThat(test.path("testScores").path("samples").asInt()).isEqualTo(7 * 8);
        assertThat(test.path("confusion").isMissingNode()).isTrue();
    }

    @Test
    void aClassificationLearnsItsLabels() throws IOException {
        String labels = folder.resolve("labels.csv").toString();
        assertThat(train("classification", "classifier", "--labels", labels, "--json")).isZero();

        JsonNode metrics = json().path("metrics");
        assertThat(metrics.path("test").path("accuracy").asDouble()).isGreaterThan(0.9);
        JsonNode confusion = metrics.path("test").path("confusion");
        assertThat(confusion.path("classes")).hasToString("[\"high\",\"low\"]");
        assertThat(confusion.path("counts")).hasSize(2);
        assertThat(
                        new ObjectMapper()
                                .readTree(folder.resolve("classifier/config.json").toFile())
                                .path("classes"))
                .hasToString("[\"high\",\"low\"]");
    }

    @Test
    void aResultIsToldInFewLines() {
        assertThat(train("short_term_forecast", "forecaster", "--fill", "1", "--seed", "3"))
                .isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(4)
                .anySatisfy(line -> assertThat(line).matches("test +MSE .* over 57 windows .*"))
                .anySatisfy(line -> assertThat(line).startsWith("bundle        "));
    }

    @Test
    void aBundleWithoutCasesHoldsNothingOfTheRecording() {
        assertThat(train("long_term_forecast", "forecaster", "--no-cases")).isZero();

        assertThat(folder.resolve("forecaster/cases.safetensors")).doesNotExist();
        assertThat(thalamus("verify", folder.resolve("forecaster").toString(), "--engine", "none"))
                .isEqualTo(1);
    }

    @Test
    void replacesABundleAndNothingElse() throws IOException {
        assertThat(train("long_term_forecast", "forecaster", "--seed", "1")).isZero();
        byte[] before = Files.readAllBytes(folder.resolve("forecaster/weights.safetensors"));

        assertThat(train("long_term_forecast", "forecaster", "--seed", "2")).isEqualTo(2);
        assertThat(train("long_term_forecast", "forecaster", "--seed", "2", "--overwrite"))
                .isZero();
        assertThat(Files.readAllBytes(folder.resolve("forecaster/weights.safetensors")))
                .isNotEqualTo(before);
        Files.createDirectories(folder.resolve("mine"));
        Files.writeString(folder.resolve("mine/work.txt"), "of years");
        assertThat(train("long_term_forecast", "mine", "--overwrite")).isEqualTo(2);
        assertThat(folder.resolve("mine/work.txt")).exists();
        assertThat(told()).last().asString().contains("is no bundle, and is not overwritten");
    }

    @Test
    void saysInOneSentenceWhatIsWrong() {
        assertRefused(2, "unknown task 'forecast'", train("forecast", "b"));
        assertRefused(
                2, "unknown task 'imputaton'; did you mean 'imputation'?", train("imputaton", "b"));
        assertRefused(
                2,
                "--pipeline-set is for --pipeline",
                train("imputation", "b", "--pipeline-set", "source.path=x.csv"));
        assertRefused(2, "is no split", train("imputation", "b", "--split", "a/b"));
        assertRefused(2, "--hop is 0", train("imputation", "b", "--hop", "0"));
        assertRefused(2, "--fill is -1", train("imputation", "b", "--fill=-1"));
        assertRefused(2, "--mask-rate is [2.0]", train("imputation", "b", "--mask-rate", "2"));
        assertRefused(
                2,
                "--mask-rate is for the task imputation, not for long_term_forecast",
                train("long_term_forecast", "b", "--mask-rate", "0.5"));
        assertRefused(2, "--labels is for", train("imputation", "b", "--labels", "x.csv"));
        assertRefused(
                2,
                "there is no file x.csv; give one with --labels",
                train("classification", "b", "--labels", "x.csv"));
        assertRefused(
                2, "Invalid value for option '--seed'", train("imputation", "b", "--seed", "x"));
        assertRefused(
                2,
                "there is no architecture 'lnear'",
                thalamus("train", "lnear", "--task", "imputation", "--data", "x", "--out", "b"));
        assertRefused(
                1,
                "at least two different texts, but there are none",
                train("classification", "b"));
        assertRefused(
                1, "has 300 rows, fewer than", train("imputation", "b", "--split", "200/90/20"));
        assertRefused(
                2,
                "--set depth=3: unknown hyper-parameter 'depth'; there is: architecture, ",
                train("imputation", "b", "--set", "depth=3"));
        assertRefused(
                2,
                "--set window=wide: window is \"wide\" where it may be such as 8",
                train("imputation", "b", "--set", "window=wide"));
        assertRefused(2, "--set window=0: ", train("imputation", "b", "--set", "window=0"));
        assertRefused(
                2,
                "--set seq_len=8 --set top_k=2 --set dropout=2: "
                        + folder.resolve("b/config.json")
                        + ": dropout must be at least 0",
                thalamus(
                        "train",
                        "timesnet",
                        "--task",
                        "imputation",
                        "--data",
                        folder.resolve("rhythm.csv").toString(),
                        "--out",
                        folder.resolve("b").toString(),
                        "--engine",
                        "none",
                        "--set",
                        "seq_len=8",
                        "--set",
                        "top_k=2",
                        "--set",
                        "dropout=2"));
        assertRefused(
                2, "--batch is 0; give a number above 0", train("imputation", "b", "--batch", "0"));
        assertRefused(
                1,
                "the validation part has no unbroken 100 samples",
                train("imputation", "b", "--set", "window=100"));
        assertRefused(
                1,
                "networks of the architecture repeat-last cannot be trained here",
                thalamus(
                        "train",
                        "repeat-last",
                        "--task",
                        "imputation",
                        "--data",
                        folder.resolve("rhythm.csv").toString(),
                        "--out",
                        folder.resolve("b").toString()));
        assertRefused(1, "there is no training in", train("imputation", "b", "--resume"));
        assertThat(folder.resolve("b.training")).doesNotExist();
    }

    private void assertRefused(int expected, String sentence, int exitCode) {
        assertThat(told())
                .singleElement()
                .asString()
                .startsWith("thalamus: ")
                .contains(sentence)
                .doesNotContain("Exception");
        assertThat(exitCode).isEqualTo(expected);
        err.reset();
    }
}
