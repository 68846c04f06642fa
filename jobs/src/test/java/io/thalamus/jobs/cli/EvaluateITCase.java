/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.recording.EdfFile;
import io.thalamus.jobs.ChannelMean;
import io.thalamus.jobs.LoudestChannel;
import io.thalamus.jobs.SquareScores;
import io.thalamus.jobs.TinyPipeline;
import io.thalamus.jobs.cli.Observation.Kept;
import io.thalamus.jobs.evaluation.HiddenValues;
import io.thalamus.jobs.evaluation.Waves;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateITCase {
    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void forecastsAreComparedWithWhatCame() throws IOException {
        Path file = TinyPipeline.in(folder).withRecording("s", 20).file();

        assertThat(evaluate(file, "--season", "1", "--json")).isZero();

        JsonNode evaluation = new ObjectMapper().readTree(out.toByteArray());
        assertThat(evaluation.path("pipeline").asText()).isEqualTo("tiny");
        assertThat(evaluation.path("model").asText()).isEqualTo("bundle");
        assertThat(evaluation.path("task").asText()).isEqualTo("forecast");
        assertThat(evaluation.path("windows").asInt()).isEqualTo(9);
        assertThat(evaluation.path("deadLetters").asInt()).isZero();
        // a is one, then two above its last value, and b ten times that; their deviations are 2 and
        // 4
        JsonNode accuracy = evaluation.path("scores").path("accuracy");
        assertThat(accuracy.path("windows").asInt()).isEqualTo(8);
        assertThat(accuracy.path("mae").asDouble()).isEqualTo((0.5 + 1 + 2.5 + 5) / 4);
        assertThat(accuracy.path("byStep")).hasToString("[3.25,13.0]");
        // Without a season, the last value is what Naive2 is; both channels rise by their scale.
        JsonNode seasonal = evaluation.path("scores").path("seasonal");
        assertThat(seasonal.path("forecasts").asInt()).isEqualTo(16);
        assertThat(seasonal.path("mase").asDouble()).isEqualTo(1.5, within(1e-6));
        assertThat(seasonal.path("owa").asDouble()).isEqualTo(1, within(1e-6));
        double smape = 0;
        for (int last = 3; last <= 17; last += 2) {
            smape += 100.0 / (2 * last + 1) + 200.0 / (2 * last + 2);
        }
        assertThat(seasonal.path("smape").asDouble()).isEqualTo(smape / 8, within(1e-4));
        assertThat(folder.resolve("out")).doesNotExist();

        out.reset();
        assertThat(evaluate(file, "--season", "1")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("8 forecasts compared")
                .containsPattern("in the model's units +8.1250 +2.2500")
                .containsPattern("\n2 +13.0000")
                .containsPattern("model +%.4f +1.5000 +1.0000".formatted(smape / 8));
        out.reset();
        assertThat(evaluate(file, "--json")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("seasonal");
    }

    @Test
    void forecastsAreComparedAsTheyComeAndNotKept() throws Exception {
        Path file = TinyPipeline.in(folder).withRecording("s", 20).file();
        PipelineSpec spec = PipelineSpec.load(file, List.of());

        Observation kept =
                Observation.of(spec, frame -> frame, EnumSet.allOf(Kept.class), metrics -> {});
        Observation observation =
                Observation.of(spec, frame -> frame, EnumSet.noneOf(Kept.class), metrics -> {});

        assertThat(kept.came()).isNotEmpty();
        assertThat(kept.results()).hasSize(9);
        assertThat(observation.came()).isEmpty();
        assertThat(observation.results()).isEmpty();
        assertThat(observation.metrics().windows()).isEqualTo(9);
        assertThat(observation.accuracy()).isPresent().isEqualTo(kept.accuracy());
    }

    @Test
    void hiddenValuesAreComparedWithWhatTheModelMakesOfTheRest() throws IOException {
        ChannelMean.bundle(folder.resolve("mean"), 60, true);
        Path file = pipeline("mean", "csv, path: recordings");
        String scaled = "transforms=[{id: scale, type: standardise, statistics: bundle}]";

        assertThat(
                        evaluate(
                                file,
                                "--set",
                                scaled,
                                "--mask-rate",
                                "0.2,0.4",
                                "--seed",
                                "7",
                                "--json"))
                .isZero();

        JsonNode scores = new ObjectMapper().readTree(out.toByteArray()).path("scores");
        assertThat(scores.path("seed").asInt()).isEqualTo(7);
        assertThat(scores.path("rates")).hasSize(2);
        for (JsonNode score : scores.path("rates")) {
            double rate = score.path("rate").asDouble();
            assertThat(rate).isEqualTo(score == scores.path("rates").path(0) ? 0.2 : 0.4);
            // The window is the whole recording, so that what is left of it has one mean a channel.
            float[] rest = new HiddenValues(7, rate).hide(minute()).samples();
            long hidden = 0;
            double absolute = 0;
            for (int channel = 0; channel < 2; channel++) {
                double sum = 0;
                int left = 0;
                for (int n = 60 * channel; n < 60 * channel + 60; n++) {
                    sum += Float.isNaN(rest[n]) ? 0 : rest[n];
                    left += Float.isNaN(rest[n]) ? 0 : 1;
                }
                hidden += 60 - left;
                for (int n = 60 * channel; n < 60 * channel + 60; n++) {
                    if (Float.isNaN(rest[n])) {
                        double error = Math.abs(minute().samples()[n] - sum / left);
                        absolute += error / (channel == 0 ? 2.1 : 0.7);
                    }
                }
            }
            assertThat(score.path("hidden").asLong()).isEqualTo(hidden).isBetween(10L, 70L);
            assertThat(score.path("compared").asLong()).isEqualTo(hidden);
            assertThat(score.path("model").path("mae").asDouble())
                    .isCloseTo(absolute / hidden, within(1e-4));
            assertThat(score.path("last").path("mae").asDouble())
                    .isLessThan(score.path("model").path("mae").asDouble());
            assertThat(score.path("linear").path("mae").asDouble())
                    .isLessThan(score.path("last").path("mae").asDouble());
        }
        assertThat(folder.resolve("out")).doesNotExist();

        out.reset();
        assertThat(evaluate(file, "--mask-rate", "0.2", "--seed", "7")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("hidden +compared +MSE +MAE +line MSE")
                .contains("20.0 %, " + scores.path("rates").path(0).path("hidden").asInt());

        ChannelMean.bundle(folder.resolve("mean"), 61, true);
        assertThat(evaluate(file)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("no window of 61 samples reaches one")
                .hasLineCount(1);
    }

    @Test
    void classificationsAreComparedWithLabelsBesideTheRecording() throws IOException {
        LoudestChannel.bundle(folder.resolve("ears"), 10);
        Path file = pipeline("ears", "csv, path: recordings");
        Path labels =
                Files.writeString(
                        folder.resolve("labels.csv"),
                        """
                        stream,onset,duration,text
                        s,2020-01-01T00:00:00Z,18,left
                        s,2020-01-01T00:00:18Z,22,right
                        s,2020-01-01T00:00:50Z,10,something else
                        """);

        assertThat(evaluate(file, "--labels", labels.toString(), "--json")).isZero();

        // b is always louder than a
        JsonNode scores = new ObjectMapper().readTree(out.toByteArray()).path("scores");
        assertThat(scores.path("compared").asInt()).isEqualTo(4);
        assertThat(scores.path("unlabelled").asInt()).isEqualTo(2);
        assertThat(scores.path("accuracy").asDouble()).isEqualTo(0.5);
        assertThat(scores.path("macroF1").asDouble()).isEqualTo((0 + 2 / 3.0) / 2);
        assertThat(scores.path("classes")).hasToString("[\"left\",\"right\"]");
        assertThat(scores.path("confusion")).hasToString("[[0,2],[0,2]]");
        assertThat(scores.path("byClass").path("right").path("precision").asDouble())
                .isEqualTo(0.5);
        JsonNode latency = scores.path("latencyMicros");
        assertThat(latency.path("median").asDouble()).isNotNegative();
        assertThat(latency.path("p99").asDouble())
                .isGreaterThanOrEqualTo(latency.path("median").asDouble());

        out.reset();
        assertThat(evaluate(file, "--labels", labels.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("compared      4 windows, 2 have no label")
                .containsPattern("right +2 +0.5000 +1.0000 +0.6667")
                .containsPattern("left +0 +2\n");

        assertThat(evaluate(file)).isEqualTo(1);
        Files.writeString(labels, "");
        assertThat(evaluate(file, "--labels", labels.toString())).isEqualTo(1);
        Files.writeString(labels, "stream,onset,duration,text\nother,0,1,left\n");
        assertThat(evaluate(file, "--labels", labels.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).contains("give a file of labels"))
                .anySatisfy(line -> assertThat(line).contains("holds no annotations"))
                .anySatisfy(line -> assertThat(line).contains("no label is on any window"));
    }

    @Test
    void classificationsAreComparedWithTheRecordingsOwnAnnotations() throws IOException {
        LoudestChannel.bundle(folder.resolve("ears"), 2);
        Files.write(
                folder.resolve("night.edf"),
                EdfFile.edf("EDF+C")
                        .signal("a", 2)
                        .signal("b", 2)
                        .annotations(60)
                        .record(new int[] {9, 9}, new int[] {1, 1}, "+0||_+0~1|left|_")
                        .record(new int[] {1, 1}, new int[] {9, 9}, "+1||_+1~1|right|_")
                        .bytes());
        Path file = pipeline("ears", "recording, path: night.edf");

        assertThat(evaluate(file, "--json")).isZero();

        assertThat(new ObjectMapper().readTree(out.toByteArray()).path("scores").path("confusion"))
                .hasToString("[[1,0],[0,1]]");
    }

    @Test
    void anomaliesAreComparedWithLabelsByEveryMeasure() throws IOException {
        SquareScores.bundle(folder.resolve("squares"), 10);
        StringBuilder csv = new StringBuilder("time,a,b\n");
        for (int n = 0; n < 60; n++) {
            csv.append("%d,%d,0\n".formatted(n, n >= 20 && n < 23 ? 3 : 0));
        }
        Files.writeString(
                Files.createDirectories(folder.resolve("recordings")).resolve("s.csv"), csv);
        Path labels =
                Files.writeString(
                        folder.resolve("labels.csv"),
                        "stream,onset,duration,text\ns,19,5,found\ns,50,2,not found\n");
        Path file =
                Files.writeString(
                        folder.resolve("squares.yaml"),
                        """
                        name: squares
                        source: {type: csv, path: recordings, time-format: epoch-seconds}
                        model: {bundle: squares, engine: none}
                        detection:
                          threshold: {type: fixed, value: 1}
                          events: {type: jsonl, path: out/events}
                        sink: {type: jsonl, path: out/scores}
                        dead-letters: {type: jsonl, path: out/refused}
                        """);

        assertThat(evaluate(file, "--labels", labels.toString(), "--buffer", "4", "--json"))
                .isZero();

        JsonNode evaluation = new ObjectMapper().readTree(out.toByteArray());
        assertThat(evaluation.path("task").asText()).isEqualTo("anomalies");
        JsonNode accuracy = evaluation.path("scores").path("accuracy");
        assertThat(accuracy.path("points").path("precision").asDouble()).isEqualTo(1);
        assertThat(accuracy.path("points").path("recall").asDouble()).isEqualTo(3 / 7.0);
        assertThat(accuracy.path("adjusted").path("recall").asDouble()).isEqualTo(5 / 7.0);
        assertThat(accuracy.path("events").path("count").asInt()).isEqualTo(2);
        assertThat(accuracy.path("events").path("found").asInt()).isEqualTo(1);
        assertThat(accuracy.path("events").path("meanDelaySeconds").asDouble()).isEqualTo(1);
        assertThat(accuracy.path("vusPr").asDouble()).isStrictlyBetween(0.0, 1.0);
        assertThat(folder.resolve("out")).doesNotExist();

        out.reset();
        assertThat(evaluate(file, "--labels", labels.toString(), "--buffer", "4")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("sample by sample +1.0000 +0.4286 +0.6000")
                .containsPattern("point-adjusted +1.0000 +0.7143 +0.8333")
                .contains("2, of which 1 were found")
                .contains("mean 1.0 samples (1.00 s), median 1.0")
                .contains("VUS-PR        %.4f".formatted(accuracy.path("vusPr").asDouble()));

        assertThat(evaluate(file)).isEqualTo(1);
        assertThat(evaluate(file, "--buffer", "0")).isEqualTo(2);
        assertThat(evaluate(file, "--set", "detection=", "--labels", labels.toString()))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("give a file of labels"),
                        line -> assertThat(line).contains("--buffer is 0"),
                        line -> assertThat(line).contains("add detection"));
    }

    @Test
    void echoIsComparedWithWhatTheNearEndSaid() throws IOException {
        float[] far = Waves.noise(1, 32_000);
        float[] near = Waves.noise(2, 32_000);
        Path references = Files.createDirectories(folder.resolve("cases"));
        Files.writeString(
                references.resolve("metadata.csv"),
                """
                case,scenario,near_start_s,near_end_s,path_change_s
                quiet,farend_only,,,
                both,double_talk,0,4,
                """);
        for (String name : List.of("quiet", "both")) {
            Waves.write(references.resolve(name), "far", far);
            Waves.write(
                    references.resolve(name),
                    "mic",
                    name.equals("both") ? Waves.sum(near, 1, far) : far);
        }
        Waves.write(references.resolve("both"), "near", near);
        Path plain =
                Files.writeString(
                        folder.resolve("plain.yaml"),
                        """
                        name: plain
                        source: {type: recording, path: cases/both/far.wav}
                        transforms: [{id: quiet, type: gain, factor: 0.5}]
                        sink: {type: jsonl, path: out}
                        dead-letters: {type: jsonl, path: refused}
                        """);

        assertThat(evaluate(plain, "--references", references.toString(), "--json")).isZero();

        JsonNode evaluation = new ObjectMapper().readTree(out.toByteArray());
        assertThat(evaluation.path("task").asText()).isEqualTo("echo");
        assertThat(evaluation.has("model")).isFalse();
        JsonNode scenarios = evaluation.path("scores").path("scenarios");
        assertThat(scenarios).hasSize(2);
        assertThat(scenarios.path(0).path("scenario").asText()).isEqualTo("farend_only");
        assertThat(scenarios.path(0).path("erle").asDouble()).isCloseTo(6.0206, within(1e-4));
        assertThat(scenarios.path(0).path("output").path("siSdr").asText()).isEqualTo("NaN");
        assertThat(scenarios.path(1).path("erle").asText()).isEqualTo("NaN");
        JsonNode both = evaluation.path("scores").path("cases").path(1);
        assertThat(both.path("case").asText()).isEqualTo("both");
        assertThat(both.path("output").path("siSdr").asDouble()).isCloseTo(0, within(0.3));
        assertThat(both.path("output").path("siSdr").asDouble())
                .isCloseTo(both.path("microphone").path("siSdr").asDouble(), within(1e-6));
        assertThat(both.path("output").path("stoi").asDouble()).isStrictlyBetween(0.3, 0.95);
        assertThat(folder.resolve("out")).doesNotExist();

        out.reset();
        assertThat(evaluate(plain, "--references", references.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("model         none (echo)")
                .containsPattern("farend_only +1 +6.02 +6.02 +- +- +- +- +- +-")
                .containsPattern("double_talk +1 +- +- +-?0.");

        // A network's signal likewise: here the microphone upside down.
        out.reset();
        ChannelMean.bundle(folder.resolve("mean"), 16_000, false);
        Path network =
                Files.writeString(
                        folder.resolve("network.yaml"),
                        """
                        name: network
                        source: {type: recording, path: two.wav}
                        model: {bundle: mean, engine: none}
                        sink: {type: jsonl, path: out}
                        dead-letters: {type: jsonl, path: refused}
                        """);
        Waves.write(folder, "two", Waves.RATE, List.of("a", "b"), new float[64_000]);
        assertThat(evaluate(network, "--references", references.toString(), "--json")).isZero();
        evaluation = new ObjectMapper().readTree(out.toByteArray());
        assertThat(evaluation.path("model").asText()).isEqualTo("mean");
        assertThat(evaluation.path("windows").asInt()).isEqualTo(4);
        assertThat(evaluation.path("scores").path("scenarios").path(0).path("erle").asDouble())
                .isCloseTo(0, within(1e-6));
        assertThat(evaluation.path("scores").path("cases").path(1).path("missing").asInt())
                .isZero();
    }

    @Test
    void speakersAreComparedWithWhatEachOfThemSaid() throws IOException {
        Path references = folder.resolve("mixtures");
        float[] one = Waves.noise(1, 16_000);
        Waves.write(references.resolve("set/a"), "mix", one);
        Waves.write(references.resolve("set/a"), "source1", one);
        Path plain =
                Files.writeString(
                        folder.resolve("plain.yaml"),
                        """
                        name: plain
                        source: {type: recording, path: mixtures/set/a/mix.wav}
                        sink: {type: jsonl, path: out}
                        dead-letters: {type: jsonl, path: refused}
                        """);

        assertThat(evaluate(plain, "--references", references.toString())).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("of set-a come 0 streams of speakers, but there are 1")
                .hasLineCount(1);
    }

    @Test
    void wrongCallsAreOneSentenceAndExitWithTwo() throws IOException {
        Path forecast = TinyPipeline.in(folder).withRecording("s", 20).file();
        LoudestChannel.bundle(folder.resolve("ears"), 10);
        Path classification = pipeline("ears", "csv, path: recordings");
        Path plain =
                Files.writeString(
                        folder.resolve("plain.yaml"),
                        """
                        name: plain
                        source: {type: csv, path: recordings}
                        sink: {type: jsonl, path: out}
                        dead-letters: {type: jsonl, path: refused}
                        """);

        assertThat(evaluate(forecast, "--season", "0")).isEqualTo(2);
        assertThat(evaluate(forecast, "--labels", "labels.csv")).isEqualTo(2);
        assertThat(evaluate(forecast, "--mask-rate", "0.5")).isEqualTo(2);
        assertThat(evaluate(forecast, "--set", "source.loop=true")).isEqualTo(2);
        assertThat(evaluate(classification, "--season", "24")).isEqualTo(2);
        assertThat(evaluate(classification, "--labels", folder.resolve("none.csv").toString()))
                .isEqualTo(2);
        assertThat(evaluate(plain)).isEqualTo(2);
        ChannelMean.bundle(folder.resolve("mean"), 60, true);
        assertThat(evaluate(pipeline("mean", "csv, path: recordings"), "--mask-rate", "1"))
                .isEqualTo(2);
        ChannelMean.bundle(folder.resolve("join"), 60, false);
        assertThat(evaluate(pipeline("join", "csv, path: recordings"))).isEqualTo(2);
        assertThat(evaluate(forecast, "--references", folder.toString())).isEqualTo(2);
        assertThat(evaluate(plain, "--references", folder.toString())).isEqualTo(2);
        assertThat(evaluate(plain, "--references", folder.resolve("none").toString())).isEqualTo(2);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(12)
                .allSatisfy(line -> assertThat(line).endsWith("see thalamus evaluate --help"));
    }

    /** A minute, a sample a second, of which b is twice as large as a. */
    private static SignalFrame minute() {
        float[] samples = new float[2 * 60];
        for (int n = 0; n < 60; n++) {
            samples[n] = n + 1;
            samples[60 + n] = 2 * n + 2;
        }
        return new SignalFrame("s", 0, 0, 0, SampleRate.ofHertz(1), List.of("a", "b"), samples, 0);
    }

    /** A pipeline on a recording of that minute. */
    private Path pipeline(String bundle, String source) throws IOException {
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        StringBuilder csv = new StringBuilder("time,a,b\n");
        for (int n = 0; n < 60; n++) {
            csv.append(
                    "2020-01-01T00:00:%02dZ,%s,%s\n"
                            .formatted(n, minute().sample(0, n), minute().sample(1, n)));
        }
        Files.writeString(recordings.resolve("s.csv"), csv);
        return Files.writeString(
                folder.resolve(bundle + ".yaml"),
                """
                name: %s
                source: {type: %s}
                model: {bundle: %s, engine: none}
                sink: {type: jsonl, path: out}
                dead-letters: {type: jsonl, path: refused}
                """
                        .formatted(bundle, source, bundle));
    }

    private int evaluate(Path pipeline, String... options) {
        String[] arguments = new String[2 + options.length];
        arguments[0] = "evaluate";
        arguments[1] = pipeline.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        return ThalamusCommand.execute(
                new Console(Console.inUtf8(new PrintStream(out)), new PrintStream(err), false),
                arguments);
    }
}
