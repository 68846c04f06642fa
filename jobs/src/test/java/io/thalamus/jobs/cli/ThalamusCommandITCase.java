/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.PcmEncoding;
import io.thalamus.connectors.recording.AnnotationFiles;
import io.thalamus.connectors.recording.EdfFile;
import io.thalamus.connectors.recording.WavFile;
import io.thalamus.jobs.TinyPipeline;
import io.thalamus.jobs.report.Report;
import io.thalamus.schemas.Annotation;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThalamusCommandITCase {
    private static final Path PRESETS = Path.of("../pipelines");

    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private TinyPipeline pipeline;

    @BeforeEach
    void writePipeline() throws IOException {
        pipeline = TinyPipeline.in(folder).withRecording("s", 20);
    }

    @Test
    void runsAPipelineAndSumsItUpAsOneJsonObject() throws IOException {
        pipeline.withLine("s", "2020-01-02T00:00,1"); // ragged

        assertThat(thalamus("run", pipeline.file().toString(), "--json")).isZero();

        JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
        assertThat(summary.path("pipeline").asText()).isEqualTo("tiny");
        assertThat(summary.path("frames").asInt()).isEqualTo(4);
        assertThat(summary.path("windows").asInt()).isEqualTo(9);
        assertThat(summary.path("skipped").asInt()).isZero();
        assertThat(summary.path("gaps").asInt()).isZero();
        assertThat(summary.path("deadLetters").asInt()).isEqualTo(1);
        assertThat(summary.path("seconds").asDouble()).isPositive();
        assertThat(summary.path("windowsPerSecond").asDouble()).isPositive();
        assertThat(summary.path("outputs")).hasSize(2);
        // a is one, then two above its last value, and b ten times that; their deviations are 2 and
        // 4
        JsonNode metrics = summary.path("metrics");
        assertThat(metrics.path("windows").asInt()).isEqualTo(8);
        assertThat(metrics.path("mae").asDouble()).isEqualTo((0.5 + 1 + 2.5 + 5) / 4);
        assertThat(metrics.path("mse").asDouble()).isEqualTo((0.25 + 1 + 6.25 + 25) / 4);
        assertThat(metrics.path("maeData").asDouble()).isEqualTo((1 + 2 + 10 + 20) / 4.0);
        assertThat(metrics.path("mseData").asDouble()).isEqualTo((1 + 4 + 100 + 400) / 4.0);
        assertThat(TinyPipeline.lines(folder.resolve("out/forecasts")))
                .hasSize(9)
                .anySatisfy(
                        line -> assertThat(line).contains("\"values\":[[3.0,3.0],[30.0,30.0]]"));
        assertThat(TinyPipeline.lines(folder.resolve("out/dead-letters")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("\"text\":\"2020-01-02T00:00,1\""));
    }

    @Test
    void withoutAModelThePreparedFramesAreWrittenAndCanBeReadAgain() throws IOException {
        pipeline.withLine("s", "2020-01-01T20:00,,200").withLine("s", "2020-01-02T00:00,24,240");
        Path file =
                Files.writeString(
                        folder.resolve("plain.yaml"),
                        """
                        name: plain
                        source: {type: csv, path: recordings, frame: 10}
                        transforms:
                          - {id: scale, type: standardise, mean: [1, 10], deviation: [2, 5]}
                        sink: {type: csv, path: out/frames}
                        annotations: {type: jsonl, path: out/annotations}
                        dead-letters: {type: jsonl, path: out/dead-letters}
                        """);

        assertThat(thalamus("run", file.toString(), "--json")).isZero();

        JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
        assertThat(summary.path("samples").asInt()).isEqualTo(22);
        assertThat(summary.path("gaps").asInt()).isEqualTo(1);
        assertThat(summary.path("faults").path("gaps").asInt()).isEqualTo(1);
        assertThat(summary.path("samplesPerSecond").asDouble()).isPositive();
        assertThat(summary.has("windows")).isFalse();
        assertThat(summary.has("windowsPerSecond")).isFalse();
        List<String> rows = TinyPipeline.lines(folder.resolve("out/frames"));
        assertThat(rows)
                .hasSize(23)
                .contains(
                        "stream,segment,sequence,time,quality,a,b",
                        "s,0,0,2020-01-01T00:00:00Z,0,-0.5,-2.0",
                        "s,0,20,2020-01-01T20:00:00Z,1,,38.0",
                        "s,1,24,2020-01-02T00:00:00Z,16,11.5,46.0");

        out.reset();
        Path again = folder.resolve("out/again");
        assertThat(
                        thalamus(
                                "run",
                                file.toString(),
                                "--set",
                                "source={type: csv, path: '%s', time-column: time, channels: [a, b], frame: 10}"
                                        .formatted(folder.resolve("out/frames")),
                                "--set",
                                "transforms=",
                                "--set",
                                "sink.path=" + again))
                .isZero();
        assertThat(values(TinyPipeline.lines(again))).isEqualTo(values(rows));
    }

    /** All of the rows but for the stream, which is named after the file. */
    private static List<String> values(List<String> rows) {
        return rows.stream().map(row -> row.substring(row.indexOf(','))).toList();
    }

    @Test
    void namesOnlyTheFilesOfThisRun() throws IOException {
        assertThat(thalamus("run", pipeline.file().toString())).isZero();
        out.reset();

        assertThat(thalamus("run", pipeline.file().toString(), "--json")).isZero();

        assertThat(new ObjectMapper().readTree(out.toByteArray()).path("outputs")).hasSize(1);
        assertThat(TinyPipeline.lines(folder.resolve("out/forecasts"))).hasSize(18);
    }

    @Test
    void aFailureIsOneLineAndLeavesStandardOutputEmpty() throws IOException {
        pipeline.withLine("s", "2020-01-03T00:00,1,1"); // a gap of a day, late in the file

        assertThat(thalamus("run", pipeline.file().toString(), "--set", "order.gap=fail", "--json"))
                .isEqualTo(1);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .satisfies(
                        line ->
                                assertThat(line)
                                        .startsWith("thalamus: stream s is broken at sample 48")
                                        .contains("set order.gap to split"));
    }

    @Test
    void onlyVerboseShowsWhereAnErrorComesFrom() throws IOException {
        Files.writeString(folder.resolve("recordings/s.csv"), "");

        assertThat(thalamus("run", pipeline.file().toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("s.csv").doesNotContain("\tat ");

        assertThat(thalamus("run", pipeline.file().toString(), "--verbose")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("\tat io.thalamus");
    }

    @Test
    void validatesWithEveryMistake() throws IOException {
        assertThat(thalamus("validate", pipeline.file().toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("is right");
        out.reset();
        String[] wrong = {
            "validate",
            pipeline.file().toString(),
            "--set",
            "window.hopp=1",
            "--set",
            "source.frame=none",
            "--set",
            "name="
        };

        assertThat(thalamus(wrong)).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(3);

        String[] asJson = Arrays.copyOf(wrong, wrong.length + 1);
        asJson[wrong.length] = "--json";
        assertThat(thalamus(asJson)).isEqualTo(2);
        JsonNode validity = new ObjectMapper().readTree(out.toByteArray());
        assertThat(validity.path("ok").asBoolean()).isFalse();
        assertThat(validity.path("problems")).hasSize(3);
        assertThat(validity.path("problems").findValuesAsText("path"))
                .containsExactlyInAnyOrder("window.hopp", "source.frame", "name");
    }

    @Test
    void validatesDamageAsJsonToo() throws IOException {
        Files.writeString(folder.resolve("recordings/s.csv"), "");

        assertThat(thalamus("validate", pipeline.file().toString(), "--json")).isEqualTo(1);

        JsonNode validity = new ObjectMapper().readTree(out.toByteArray());
        assertThat(validity.path("ok").asBoolean()).isFalse();
        assertThat(validity.path("problems").path(0).path("message").asText())
                .contains("s.csv", "is empty");
    }

    @Test
    void validatesEveryWeightOfABundle() throws IOException {
        assertDamaged("a NaN", this::endWithNaN, "is damaged: tensor ", " holds NaN at element ");
        assertDamaged(
                "a tensor too few",
                bundle ->
                        replace(
                                bundle,
                                "weights.safetensors",
                                "projection.bias",
                                "projection.bids"),
                "has no tensor projection.bias, which config.json calls for");
        assertDamaged(
                "another size",
                bundle -> replace(bundle, "config.json", "\"d_ff\": 32", "\"d_ff\": 64"),
                "tensor model.0.conv.0.kernels.0.weight has shape [32, 16, 1, 1] where config.json"
                        + " calls for [64, 16, 1, 1]");
    }

    private interface Damage {
        void to(Path bundle) throws IOException;
    }

    private void assertDamaged(String what, Damage damage, String... told) throws IOException {
        Path bundle = folder.resolve(what);
        Files.createDirectory(bundle);
        for (String file : List.of("config.json", "weights.safetensors")) {
            Files.copy(
                    PRESETS.resolve("bundles/timesnet-etth1-96-96").resolve(file),
                    bundle.resolve(file));
        }
        damage.to(bundle);
        String preset = PRESETS.resolve("forecast.yaml").toString();

        for (String command : List.of("validate", "run")) {
            err.reset();
            assertThat(thalamus(command, preset, "--set", "model.bundle=" + bundle)).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8).lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line).startsWith("thalamus: ").contains(told));
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private void endWithNaN(Path bundle) throws IOException {
        Path file = bundle.resolve("weights.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(bytes.length - Float.BYTES, Float.NaN);
        Files.write(file, bytes);
    }

    private static void replace(Path bundle, String name, String text, String by)
            throws IOException {
        Path file = bundle.resolve(name);
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(content).contains(text);
        Files.writeString(file, content.replace(text, by), StandardCharsets.ISO_8859_1);
    }

    @Test
    void wrongCallsExitWithTwo() {
        assertThat(thalamus()).isEqualTo(2);
        assertThat(thalamus("runn")).isEqualTo(2);
        assertThat(thalamus("run")).isEqualTo(2);
        assertThat(thalamus("run", "p.yaml", "--fast")).isEqualTo(2);
        assertThat(thalamus("run", folder.resolve("none.yaml").toString())).isEqualTo(2);
        assertThat(thalamus("verify", folder.resolve("none").toString())).isEqualTo(2);
        assertThat(thalamus("verify", folder.resolve("bundle").toString(), "--engine", "steam"))
                .isEqualTo(2);
        assertThat(thalamus("run", pipeline.file().toString(), "--parallelism", "0")).isEqualTo(2);
        assertThat(
                        thalamus(
                                "run",
                                pipeline.file().toString(),
                                "--flink",
                                "execution.checkpointing.interval=soon"))
                .isEqualTo(2);
        assertThat(thalamus("inspect", folder.resolve("none").toString())).isEqualTo(2);
        String recording = folder.resolve("recordings/s.csv").toString();
        assertThat(thalamus("inspect", recording, "--delimiter", "\"")).isEqualTo(2);
        assertThat(thalamus("inspect", recording, "--time-format", "yyyy-bb")).isEqualTo(2);
        assertThat(thalamus("simulate", pipeline.file().toString())).isEqualTo(2);
        assertThat(thalamus("replay", recording)).isEqualTo(2);
        assertThat(replay(folder.resolve("none").toString())).isEqualTo(2);
        assertThat(replay(recording, "--speed", "0")).isEqualTo(2);
        assertThat(replay(recording, "--loop=-1")).isEqualTo(2);
        assertThat(replay(recording, "--frame", "0")).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(18)
                .anySatisfy(line -> assertThat(line).contains("execution.checkpointing.interval"))
                .allSatisfy(line -> assertThat(line).doesNotContain("Exception"));
    }

    @Test
    void inspectsARecording() throws IOException {
        pipeline.withLine("s", "2020-01-01T22:00,,5").withLine("s", "nonsense");

        assertThat(thalamus("inspect", folder.resolve("recordings/s.csv").toString(), "--json"))
                .isZero();

        JsonNode inspection = new ObjectMapper().readTree(out.toByteArray());
        assertThat(inspection.path("format").asText()).isEqualTo("CSV");
        assertThat(inspection.path("start").asText()).isEqualTo("2020-01-01T00:00:00Z");
        JsonNode stream = inspection.path("streams").path(0);
        assertThat(stream.path("stream").asText()).isEqualTo("s");
        assertThat(stream.path("rate").asText()).isEqualTo("1/3600 Hz");
        assertThat(stream.path("first").asText()).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(stream.path("last").asText()).isEqualTo("2020-01-01T22:00:00Z");
        assertThat(stream.path("duration").asText()).isEqualTo("PT23H");
        assertThat(stream.path("samples").asInt()).isEqualTo(21);
        assertThat(stream.path("channels").path(0).path("name").asText()).isEqualTo("a");
        assertThat(stream.path("channels").path(0).path("missing").asInt()).isEqualTo(1);
        assertThat(stream.path("channels").path(1).path("missing").asInt()).isZero();
        assertThat(stream.path("gaps").path(0).path("from").asText())
                .isEqualTo("2020-01-01T20:00:00Z");
        assertThat(stream.path("gaps").path(0).path("samples").asInt()).isEqualTo(2);
        assertThat(inspection.path("deadLetters").asInt()).isEqualTo(1);
        JsonNode refused = inspection.path("firstDeadLetters");
        assertThat(refused).hasSize(1);
        assertThat(refused.path(0).path("position").asInt()).isPositive();
        assertThat(refused.path(0).path("reason").asText()).isNotBlank();
    }

    @Test
    void tellsTheFirstPiecesThatCannotBeUsedAndHowManyMore() throws IOException {
        for (int i = 0; i < 12; i++) {
            pipeline.withLine("s", "nonsense");
        }

        assertThat(thalamus("inspect", folder.resolve("recordings/s.csv").toString())).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("dead letters  12 pieces that cannot be used\n              at ")
                .contains("\n              ... and 2 more\nannotations ");
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.startsWith("              at "))
                .hasSize(10);
    }

    @Test
    void aRecordingOfGapsTellsTheFirstAndHowManyMore() throws IOException {
        StringBuilder rows = new StringBuilder("time,a\n");
        for (int i = 0; i <= 1005; i++) {
            rows.append(10 * i).append(",1\n").append(10 * i + 1).append(",1\n");
            rows.append(10 * i + 2).append(",1\n");
        }
        Path file = Files.writeString(folder.resolve("gaps.csv"), rows);
        String format = "--time-format=epoch-seconds";

        assertThat(thalamus("inspect", file.toString(), format, "--json")).isZero();
        JsonNode stream = new ObjectMapper().readTree(out.toByteArray()).path("streams").path(0);
        assertThat(stream.path("gaps")).hasSize(1000);
        assertThat(stream.path("moreGaps").asInt()).isEqualTo(5);

        out.reset();
        assertThat(thalamus("inspect", file.toString(), format)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("gaps          1,005\n", "... and 995 more\n");
    }

    @Test
    void inspectsTheStreamsLevelsAndAnnotationsOfARecording() throws IOException {
        Path file =
                Files.write(
                        folder.resolve("night.edf"),
                        EdfFile.edf("EDF+D")
                                .signal("eeg", 2)
                                .signal("pulse", 1)
                                .annotations(60)
                                .record(new int[] {-30, 40}, new int[] {600}, "+0||_+0|W|_")
                                .record(new int[] {0, 0}, new int[] {600}, "+2||_+2|W|_+3|R|_x_")
                                .bytes());

        assertThat(thalamus("inspect", file.toString(), "--json")).isZero();

        JsonNode inspection = new ObjectMapper().readTree(out.toByteArray());
        assertThat(inspection.path("format").asText()).isEqualTo("EDF+D");
        assertThat(inspection.path("start").asText()).isEqualTo("2024-05-06T07:08:09Z");
        assertThat(inspection.path("annotations")).hasToString("{\"W\":2,\"R\":1}");
        assertThat(inspection.path("deadLetters").asInt()).isEqualTo(1);
        assertThat(inspection.path("streams").path(0))
                .hasToString(
                        "{\"stream\":\"night/2Hz\",\"rate\":\"2 Hz\","
                                + "\"first\":\"2024-05-06T07:08:09Z\","
                                + "\"last\":\"2024-05-06T07:08:11.500Z\","
                                + "\"duration\":\"PT3S\",\"samples\":4,\"channels\":[{"
                                + "\"name\":\"eeg\",\"unit\":\"uV\",\"missing\":0,"
                                + "\"minimum\":-3.0,\"maximum\":4.0,\"rms\":2.5}],\"gaps\":[{"
                                + "\"from\":\"2024-05-06T07:08:10Z\",\"samples\":2}],"
                                + "\"moreGaps\":0}");
        assertThat(inspection.path("streams").path(1).path("stream").asText())
                .isEqualTo("night/1Hz");

        out.reset();
        assertThat(thalamus("inspect", file.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "annotations   3\n              2 x W\n              1 x R\n",
                        "stream        night/2Hz\n",
                        "channel       eeg, -3.00000 to 4.00000, rms 2.50000 uV, 0 values missing");
    }

    @Test
    void aRecordingStartsWhenTheCommandSaysAndGivesTheChannelsThatItNames() throws IOException {
        Path file =
                Files.write(
                        folder.resolve("speech.wav"),
                        WavFile.of(PcmEncoding.U8, 3, 8000, new byte[24]).bytes());

        assertThat(
                        thalamus(
                                "inspect",
                                file.toString(),
                                "--json",
                                "--start=2024-05-06T07:08:09Z",
                                "--channels=ch3,ch1"))
                .isZero();

        JsonNode inspection = new ObjectMapper().readTree(out.toByteArray());
        assertThat(inspection.path("start").asText()).isEqualTo("2024-05-06T07:08:09Z");
        JsonNode stream = inspection.path("streams").path(0);
        assertThat(stream.path("first").asText()).isEqualTo("2024-05-06T07:08:09Z");
        assertThat(stream.path("channels").findValuesAsText("name")).containsExactly("ch3", "ch1");

        out.reset();
        String csv = folder.resolve("recordings/s.csv").toString();
        assertThat(thalamus("inspect", csv, "--json", "--channels=b")).isZero();
        assertThat(
                        new ObjectMapper()
                                .readTree(out.toByteArray())
                                .path("streams")
                                .path(0)
                                .path("channels")
                                .findValuesAsText("name"))
                .containsExactly("b");
        assertThat(replay(file.toString(), "--channels=ch1,ch1")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("name one twice");
        assertThat(replay(file.toString(), "--start=soon")).isEqualTo(2);
    }

    @Test
    void inspectsRecordingsByGlobAndUri() throws IOException {
        pipeline.withRecording("t", 5);

        assertThat(thalamus("inspect", folder.resolve("recordings/*.csv").toString(), "--json"))
                .isZero();
        assertThat(new ObjectMapper().readTree(out.toByteArray()))
                .extracting(each -> each.path("streams").path(0).path("stream").asText())
                .containsExactly("s", "t");
        out.reset();

        assertThat(thalamus("inspect", folder.resolve("recordings/t.csv").toUri().toString()))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("stream        t\n");
    }

    @Test
    void drawsARecording() throws IOException {
        String recording = folder.resolve("recordings/s.csv").toString();
        Path picture = folder.resolve("made/s.png");

        assertThat(thalamus("inspect", recording, "--plot", picture.toString())).isZero();

        BufferedImage drawn = ImageIO.read(picture.toFile());
        assertThat(drawn.getWidth()).isEqualTo(1280);
        assertThat(drawn.getHeight()).isBetween(300, 500);

        pipeline.withRecording("t", 5);
        String both = folder.resolve("recordings").toString();
        assertThat(thalamus("inspect", both, "--plot", picture.toString())).isEqualTo(2);
        String bundle = PRESETS.resolve("bundles/timesnet-etth1-96-96").toString();
        assertThat(thalamus("inspect", bundle, "--plot", picture.toString())).isEqualTo(2);
        Path remarks =
                Files.write(
                        folder.resolve("remarks.edf"),
                        EdfFile.edf("EDF+C")
                                .duration("0")
                                .annotations(60)
                                .record("+0||_+0|W|_")
                                .bytes());
        assertThat(thalamus("inspect", remarks.toString(), "--plot", picture.toString()))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .contains("--plot draws one recording, not 2 recordings"),
                        line -> assertThat(line).contains("--plot draws one recording, not a bund"),
                        line -> assertThat(line).contains("holds no samples that could be drawn"));
    }

    @Test
    void refusesToReplayWhatIsDamagedBeforeAnythingIsPublished() throws IOException {
        Files.writeString(folder.resolve("recordings/s.csv"), "");

        assertThat(replay(folder.resolve("recordings/s.csv").toString())).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .endsWith("s.csv' is empty: it needs a header and rows\n");
    }

    @Test
    void simulatesTheSameRecordingAgain() throws IOException {
        Path file = folder.resolve("made/up.csv");

        assertThat(thalamus("simulate", file.toString(), "--hours", "100", "--gaps", "1")).isZero();
        String first = Files.readString(file);
        assertThat(
                        thalamus(
                                "simulate",
                                file.toString(),
                                "--hours",
                                "100",
                                "--gaps",
                                "1",
                                "--overwrite"))
                .isZero();

        assertThat(file).hasContent(first);
    }

    @Test
    void saysWhatCannotBeWrittenAndWhy() throws IOException {
        Path dangling = folder.resolve("dangling.csv");
        Files.createSymbolicLink(dangling, folder.resolve("none/made.csv"));
        assertNotWritten(dangling, dangling, "it does not exist, or cannot be made there");
        Path file = pipeline.file();
        assertNotWritten(file.resolve("made.csv"), file, "a file of this name is in the way");
    }

    private void assertNotWritten(Path recording, Path refused, String why) {
        err.reset();
        assertThat(thalamus("simulate", recording.toString(), "--overwrite")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "thalamus: %s cannot be written or read: %s".formatted(refused, why));
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "load.csv",
                "sensor.csv --kind sensor",
                "speech.csv --kind speech --seconds 0.5",
                "seeg.csv --kind seeg --seconds 2.5 --faults 1",
                "machine.csv --kind machine --seconds 30",
                "call.wav --kind call --seconds 7"
            })
    void theShippedRecordingsAreWhatSimulateMakes(String call) {
        String[] words = call.split(" ");
        Path shipped = PRESETS.resolve("recordings").resolve(words[0]);
        Path file = folder.resolve(words[0]);
        words[0] = file.toString();
        List<String> arguments = new ArrayList<>(List.of("simulate"));
        arguments.addAll(List.of(words));

        assertThat(thalamus(arguments.toArray(String[]::new))).isZero();

        assertThat(file).hasSameBinaryContentAs(shipped);
    }

    @Test
    void aCallMayBeWrittenAsTwoStreams() throws IOException {
        Path file = folder.resolve("made/office.wav");
        String[] call = {"simulate", file.toString(), "--kind", "call", "--members"};

        assertThat(thalamus(call)).isZero();

        Path microphone = folder.resolve("made/office.microphone.wav");
        Path farEnd = folder.resolve("made/office.far-end.wav");
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("wrote " + microphone, "wrote " + farEnd);
        assertThat(Files.size(microphone)).isEqualTo(Files.size(farEnd)).isGreaterThan(160_000);
        assertThat(file).doesNotExist();
        assertThat(thalamus(call)).as("they are there already").isEqualTo(2);
        assertThat(thalamus("simulate", pipeline.file() + ".csv", "--kind", "call")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("let the name end in .wav");
    }

    @Test
    void aMachinesStatesLieBesideItsRecording() throws IOException {
        Path file = folder.resolve("made/pump.csv");

        assertThat(
                        thalamus(
                                "simulate",
                                file.toString(),
                                "--kind",
                                "machine",
                                "--seconds",
                                "30",
                                "--json"))
                .isZero();

        JsonNode made = new ObjectMapper().readTree(out.toByteArray());
        assertThat(made.path("seconds").asInt()).isEqualTo(30);
        Path labels = folder.resolve("made/pump.labels.jsonl");
        assertThat(made.path("labels").asText()).isEqualTo(labels.toString());
        assertThat(Files.readAllLines(file))
                .hasSize(1 + 30 * 500)
                .contains("time,vibration-x,vibration-y,current");
        List<Annotation> states =
                AnnotationFiles.read(new org.apache.flink.core.fs.Path(labels.toString()));
        assertThat(states)
                .hasSizeBetween(30 / 9, 30 / 3)
                .allSatisfy(state -> assertThat(state.streamId()).isEqualTo("pump"));
        assertThat(states.stream().mapToLong(Annotation::durationNanos).sum())
                .isEqualTo(30_000_000_000L);
    }

    @Test
    void theWordsThatAreReadLieBesideTheRecording() throws IOException {
        Path file = folder.resolve("S01.csv");
        String[] call = {
            "simulate", file.toString(), "--kind", "words", "--seconds", "13", "--rate", "1000"
        };

        assertThat(thalamus(call)).isZero();

        assertThat(Files.readAllLines(file))
                .hasSize(1 + 13 * 1000)
                .contains("time,LA1,LA2,LA3,LA4,LB1,LB2,LB3,LB4");
        List<Annotation> words =
                AnnotationFiles.read(
                        new org.apache.flink.core.fs.Path(
                                folder.resolve("S01.labels.jsonl").toString()));
        assertThat(words)
                .hasSize(3)
                .allSatisfy(word -> assertThat(word.streamId()).isEqualTo("S01"))
                .allSatisfy(word -> assertThat(word.text()).startsWith("word-"));
        String one = Files.readString(file);
        for (String option : List.of("--subject=2", "--change=quiet")) {
            String[] other = Arrays.copyOf(call, call.length + 2);
            other[call.length] = option;
            other[call.length + 1] = "--overwrite";
            assertThat(thalamus(other)).isZero();
            assertThat(Files.readString(file)).as(option).isNotEqualTo(one);
        }
    }

    @Test
    void seriesFillAFolder() throws IOException {
        Path made = folder.resolve("family");
        String[] call = {
            "simulate", made.toString(), "--kind", "series", "--count", "3", "--hours", "30"
        };

        assertThat(thalamus(call)).isZero();

        assertThat(TinyPipeline.lines(made)).hasSize(3 * 31);
        String second = Files.readString(made.resolve("series-0001.csv"));
        assertThat(second).isNotEqualTo(Files.readString(made.resolve("series-0002.csv")));
        assertThat(thalamus(call)).isEqualTo(2);
        String[] again = Arrays.copyOf(call, call.length + 1);
        again[call.length] = "--overwrite";
        assertThat(thalamus(again)).isZero();
        assertThat(made.resolve("series-0001.csv")).hasContent(second);
        again[5] = "0";
        assertThat(thalamus(again)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("1 to 10,000 series, not 0");
    }

    @Test
    void putsLabelledAnomaliesIntoARecording() throws IOException {
        Path load = folder.resolve("load.csv");
        Path file = folder.resolve("anomalous.csv");
        assertThat(thalamus("simulate", load.toString(), "--hours", "900")).isZero();
        String[] call = {
            "simulate", file.toString(), "--kind=anomalies", "--json", "--from=" + load
        };

        assertThat(thalamus(Arrays.copyOf(call, 4))).isEqualTo(2);
        out.reset();
        assertThat(thalamus(call)).isZero();
        assertThat(thalamus(call)).isEqualTo(2);

        Path labels = folder.resolve("anomalous.labels.jsonl");
        assertThat(new ObjectMapper().readTree(out.toByteArray()).path("labels").asText())
                .isEqualTo(labels.toString());
        assertThat(AnnotationFiles.read(new org.apache.flink.core.fs.Path(labels.toString())))
                .hasSize(8 * 2)
                .allSatisfy(label -> assertThat(label.streamId()).isEqualTo("anomalous"));
        assertThat(Files.readAllLines(file)).hasSameSizeAs(Files.readAllLines(load));
        assertThat(Files.readString(file)).isNotEqualTo(Files.readString(load));
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("give --from, the recording")
                .contains("anomalous.csv is there");
    }

    @Test
    void labelsMayLieElsewhere() throws IOException {
        Path labels = folder.resolve("elsewhere/states.jsonl");
        String[] call = {
            "simulate",
            folder.resolve("pump.csv").toString(),
            "--kind=machine",
            "--labels=" + labels
        };

        assertThat(thalamus(call)).isZero();

        assertThat(AnnotationFiles.read(new org.apache.flink.core.fs.Path(labels.toString())))
                .isNotEmpty()
                .allSatisfy(state -> assertThat(state.streamId()).isEqualTo("pump"));
        assertThat(folder.resolve("pump.labels.jsonl")).doesNotExist();
        Files.delete(folder.resolve("pump.csv"));
        assertThat(thalamus(call)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("states.jsonl is there");
    }

    @Test
    void simulateRefusesOptionsOfOtherKinds() {
        String file = folder.resolve("made.csv").toString();
        assertThat(thalamus("simulate", file, "--kind", "speech", "--hours", "3")).isEqualTo(2);
        assertThat(thalamus("simulate", file, "--faults", "3")).isEqualTo(2);
        assertThat(thalamus("simulate", file, "--kind", "seeg", "--faults", "9999")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .contains(
                                                "--hours is not for recordings of the kind speech"),
                        line ->
                                assertThat(line)
                                        .contains(
                                                "--faults is not for recordings of the kind load"),
                        line -> assertThat(line).contains("9999 faults of each kind do not fit"));
        assertThat(Path.of(file)).doesNotExist();
    }

    @Test
    void refusesChannelsInAnotherOrderThanTheNetworks() {
        assertThat(
                        thalamus(
                                "validate",
                                PRESETS.resolve("forecast.yaml").toString(),
                                "--set",
                                "source.channels=[OT, LULL, LUFL, MULL, MUFL, HULL, HUFL]"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(
                        "takes the channels [HUFL, HULL, MUFL, MULL, LUFL, LULL, OT] in this order",
                        "source.channels");
    }

    @Test
    void theShippedPipelinesAreRight() {
        assertThat(thalamus("validate", PRESETS.resolve("forecast.yaml").toString())).isZero();
        assertThat(
                        thalamus(
                                "validate",
                                PRESETS.resolve("etth1-test.yaml").toString(),
                                "--set",
                                "source.path=../pipelines/recordings/load.csv"))
                .isZero();
    }

    @Test
    void demonstratesWhatThereIs() throws IOException {
        System.setProperty("thalamus.home", "..");
        Path demo = folder.resolve("demo");
        Report.write(demo.resolve("report.html"), "Thalamus demo", List.of());
        Path earlier = Files.createDirectory(demo.resolve("forecasts")).resolve("earlier.jsonl");
        Files.writeString(earlier, "{}");

        assertThat(thalamus("demo", "--out", demo.toString(), "--json")).isZero();

        assertThat(earlier).doesNotExist();
        JsonNode result = new ObjectMapper().readTree(out.toByteArray());
        String report = Files.readString(Path.of(result.path("report").asText()));
        assertThat(report)
                .contains(
                        "<h2>Forecasting</h2>",
                        "<h2>Short series</h2>",
                        "<h2>Imputation</h2>",
                        "<h2>Anomalies</h2>",
                        "<h2>Machine states</h2>",
                        "<h2>Echo canceller</h2>",
                        "<h2>Separation</h2>",
                        "<h2>Learning</h2>",
                        "<h2>Signals</h2>",
                        "Faults injected and faults found")
                .doesNotContain(">NaN", " NaN", ",NaN");
        // What the network is given has passed the filter already.
        double filter = decibels(report, "echo taken out by the filter, far end alone");
        assertThat(filter).isGreaterThan(5);
        assertThat(decibels(report, "by filter and network")).isGreaterThan(filter + 10);
        // Two voices in turn, so each has about half of the power.
        assertThat(decibels(report, "voice 1, against both")).isBetween(-6.0, -2.0);
        assertThat(decibels(report, "voice 2, against both")).isBetween(-6.0, -2.0);
        assertThat(percent(report, "told wrong, learning"))
                .isLessThan(percent(report, "told wrong as it is") - 30);
        // Each player finds its file, and all of a page are as long.
        Map<String, Long> sizes = new TreeMap<>();
        for (MatchResult player :
                Pattern.compile("<audio [^>]*src=\"([^\"]+)\"")
                        .matcher(report)
                        .results()
                        .toList()) {
            sizes.put(player.group(1), Files.size(demo.resolve(player.group(1))));
        }
        assertThat(sizes)
                .containsOnlyKeys(
                        "sounds/call.far-end.wav",
                        "sounds/call.filtered.wav",
                        "sounds/call.microphone.wav",
                        "sounds/call.voice.wav",
                        "sounds/voices.wav",
                        "sounds/voices.1.wav",
                        "sounds/voices.2.wav");
        assertThat(Set.copyOf(sizes.values())).hasSize(2);
        JsonNode run = result.path("runs").path(0);
        assertThat(run.path("windows").asInt()).isPositive();
        // Better than nothing: the mean of each channel would give about 1.
        assertThat(run.path("metrics").path("mse").asDouble()).isBetween(0.1, 0.9);
        assertThat(result.path("runs"))
                .map(each -> each.path("pipeline").asText())
                .containsExactly("forecast", "speech-16k", "seeg", "sensor", "speech-16k");
        // As many as were put into the streams: three of each kind, in frames of 320 samples.
        JsonNode faults = result.path("runs").path(4).path("faults");
        assertThat(faults.path("breaks").asInt()).isEqualTo(9);
        assertThat(faults.path("clockJumps").asInt()).isEqualTo(3);
        assertThat(faults.path("duplicateSamples").asInt()).isEqualTo(960);
        assertThat(faults.path("lateFrames").asInt()).isZero();
        assertThat(faults.path("missingValues").asInt()).isPositive();
        assertThat(faults.path("saturatedValues").asInt()).isPositive();
        assertThat(faults.path("flatValues").asInt()).isPositive();
    }

    /** A figure of a report. */
    private static double decibels(String report, String name) {
        return figure(report, name, "dB");
    }

    private static double percent(String report, String name) {
        return figure(report, name, "%");
    }

    private static double figure(String report, String name, String unit) {
        Matcher figure =
                Pattern.compile(
                                "<dt>%s</dt><dd>(-?[0-9.]+) %s</dd>"
                                        .formatted(Pattern.quote(name), unit))
                        .matcher(report);
        assertThat(figure.find()).as(name).isTrue();
        return Double.parseDouble(figure.group(1));
    }

    @Test
    void aDemoReplacesNothingButADemo() throws IOException {
        Path own = folder.resolve("own");
        Path forecasts = Files.createDirectories(own.resolve("forecasts")).resolve("mine.jsonl");
        Files.writeString(forecasts, "{}");
        assertRefused(own, own + " is not empty and has no report.html of an earlier demo");
        Report.write(own.resolve("report.html"), "Another report", List.of());
        assertRefused(own, own + " is not empty and has no report.html of an earlier demo");
        assertRefused(forecasts, forecasts + " is a file; name a folder");

        assertThat(forecasts).hasContent("{}");
    }

    private void assertRefused(Path demo, String told) {
        err.reset();
        assertThat(thalamus("demo", "--out", demo.toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("thalamus: " + told));
    }

    @Test
    void verifiesAndInspectsTheShippedBundle() throws IOException {
        String bundle = PRESETS.resolve("bundles/timesnet-etth1-96-96").toString();

        assertThat(thalamus("verify", bundle, "--json")).isZero();

        JsonNode verified = new ObjectMapper().readTree(out.toByteArray());
        assertThat(verified).hasSize(1);
        assertThat(verified.path(0).fieldNames())
                .toIterable()
                .containsExactly(
                        "bundle", "architecture", "engine", "results", "notCompared", "ok");
        assertThat(verified.path(0).path("results").path(0).fieldNames())
                .toIterable()
                .containsExactly("case", "tensor", "relativeL2", "maxAbs", "tolerance", "ok");
        out.reset();

        String uri = "file://" + Path.of(bundle).toRealPath();
        assertThat(thalamus("verify", uri, "--json")).isZero();

        JsonNode named = new ObjectMapper().readTree(out.toByteArray());
        assertThat(named.path(0).path("bundle").asText()).isEqualTo(uri);
        assertThat(named.path(0).path("results")).isEqualTo(verified.path(0).path("results"));
        out.reset();

        assertThat(thalamus("inspect", bundle, "--json")).isZero();

        JsonNode inspected = new ObjectMapper().readTree(out.toByteArray());
        assertThat(inspected.path("architecture").asText()).isEqualTo("timesnet");
        assertThat(inspected.path("parameters").asInt()).isEqualTo(685_479);
        assertThat(inspected.path("signature").path("channels").asInt()).isEqualTo(7);
    }

    private int replay(String recording, String... more) {
        List<String> arguments = new ArrayList<>(List.of("replay", recording));
        arguments.addAll(List.of("--to", "t", "--bootstrap", "localhost:1"));
        arguments.addAll(List.of(more));
        return thalamus(arguments.toArray(String[]::new));
    }

    private int thalamus(String... arguments) {
        return ThalamusCommand.execute(
                new Console(new PrintStream(out, true), new PrintStream(err, true), false),
                arguments);
    }
}
