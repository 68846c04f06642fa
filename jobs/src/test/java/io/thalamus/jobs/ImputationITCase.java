/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.Quality;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model's windows as a stream of frames again, on Flink. */
class ImputationITCase {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path GOLDEN =
            Path.of("../models-timeseries/src/test/resources/golden/timesnet/imputation");
    private static final int ROWS = 300;

    /** Some rows are lost: few enough to be filled, and too many. */
    private static final int FEW = 40;

    private static final int MANY = 80;
    private static final int BEHIND_MANY = 90;

    /** A segment too short for a window, with a missing value. */
    private static final int BEHIND_SHORT = 100;

    private static final int WINDOW = 8;

    @TempDir private Path folder;

    private Path file;

    @BeforeEach
    void writePipeline() throws IOException {
        ChannelMean.bundle(folder.resolve("fills"), WINDOW, true);
        ChannelMean.bundle(folder.resolve("negates"), WINDOW, false);
        Files.createDirectories(folder.resolve("recordings"));
        for (String stream : List.of("s", "t")) {
            Files.write(folder.resolve("recordings").resolve(stream + ".csv"), recording(stream));
        }
        file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
                        name: filled
                        source: {type: csv, path: recordings, frame: 7}
                        order: {gap: fill, fill: {method: model, limit: 4}}
                        transforms:
                          - {id: gain, type: gain, factor: 0.1}
                          - {id: scale, type: standardise, statistics: bundle}
                        window: {hop: 3}
                        model: {bundle: fills, engine: none, batch: {size: 3, delay: 20ms}}
                        sink: {type: jsonl, path: out}
                        dead-letters: {type: jsonl, path: refused}
                        """);
    }

    private static List<String> recording(String stream) {
        List<String> lines = new ArrayList<>(List.of("date,a,b"));
        LocalDateTime start = LocalDateTime.of(2020, 1, 1, 0, 0);
        for (int row = 0; row < ROWS; row++) {
            boolean lost =
                    row >= FEW && row < FEW + 4
                            || row >= MANY && row < BEHIND_MANY
                            || row >= BEHIND_MANY + WINDOW - 1 && row < BEHIND_SHORT + 10;
            if (!lost) {
                lines.add(
                        "%s,%s,%s"
                                .formatted(
                                        start.plusHours(row),
                                        cell(stream, row, 0),
                                        cell(stream, row, 1)));
            }
        }
        return lines;
    }

    private static String cell(String stream, int row, int channel) {
        return isMissing(row, channel) ? "" : String.valueOf(value(stream, row, channel));
    }

    private static boolean isMissing(int row, int channel) {
        return channel == 0 ? row % 11 == 5 : row % 17 > 14;
    }

    private static float value(String stream, int row, int channel) {
        return (row * (channel == 0 ? 37 : 91) % 100) / 10f + (stream.equals("s") ? 0 : 50);
    }

    /** One sample of what came out. */
    private record Sample(int segment, String time, float a, float b) {}

    @ParameterizedTest(name = "parallelism {0}, batch {1}, frame {2}")
    @CsvSource({"1, 8, 1", "2, 64, 300", "2, 3, 5"})
    void nothingButTheStreamItselfDecidesWhatComesOut(int parallelism, int batch, int frame)
            throws Exception {
        run("reference", 1);
        run("other", parallelism, "model.batch.size=" + batch, "source.frame=" + frame);
        assertThat(values("other")).isEqualTo(values("reference"));
    }

    @Test
    void everySampleComesOutOnceWithWhatWasMeasuredToTheBit() throws Exception {
        run("out", 1);
        TreeMap<Long, Sample> samples = samples("out", "s");
        assertThat(TinyPipeline.lines(folder.resolve("out-refused"))).isEmpty();
        LocalDateTime start = LocalDateTime.of(2020, 1, 1, 0, 0);
        int kept = 0;
        for (int row = 0; row < ROWS; row++) {
            boolean lost =
                    row >= MANY && row < BEHIND_MANY
                            || row >= BEHIND_MANY + WINDOW - 1 && row < BEHIND_SHORT + 10;
            Sample sample = samples.get((long) row);
            if (lost) {
                assertThat(sample).as("row %d", row).isNull();
                continue;
            }
            kept++;
            assertThat(sample.time()).isEqualTo(start.plusHours(row) + ":00Z");
            assertThat(sample.segment()).isEqualTo(row < MANY ? 0 : row < BEHIND_SHORT ? 1 : 2);
            boolean isShort = sample.segment() == 1;
            for (int channel = 0; channel < 2; channel++) {
                float given = channel == 0 ? sample.a() : sample.b();
                if (isMissing(row, channel) || row >= FEW && row < FEW + 4) {
                    assertThat(Float.isNaN(given)).as("row %d", row).isEqualTo(isShort);
                    if (!isShort) {
                        assertThat((double) given)
                                .isCloseTo(expected("s", row, channel), within(1e-3));
                    }
                } else {
                    // As the transform before the scaling leaves it.
                    assertThat(given).isEqualTo((float) (value("s", row, channel) * 0.1));
                }
            }
        }
        assertThat(samples).hasSize(kept);
    }

    /** The mean of the windows' means in the data's units, weighted by a Hann taper. */
    private static double expected(String stream, int row, int channel) {
        int first = row < MANY ? 0 : BEHIND_SHORT + 10;
        int end = row < MANY ? MANY : ROWS;
        List<Integer> starts = new ArrayList<>();
        for (int start = first; start + WINDOW <= end; start += 3) {
            starts.add(start);
        }
        int given = starts.get(starts.size() - 1) + 3;
        if (given - 3 + WINDOW < end && row >= given) {
            starts.add(end - WINDOW);
        }
        double sum = 0;
        double weights = 0;
        double only = 0;
        for (int start : starts) {
            if (row < start || row >= start + WINDOW) {
                continue;
            }
            double total = 0;
            int count = 0;
            for (int at = start; at < start + WINDOW; at++) {
                if (!isMissing(at, channel) && !(at >= FEW && at < FEW + 4)) {
                    total += value(stream, at, channel) * 0.1;
                    count++;
                }
            }
            double weight = 0.5 - 0.5 * Math.cos(2 * Math.PI * (row - start) / WINDOW);
            only = total / count;
            sum += weight * only;
            weights += weight;
        }
        return weights > 0 ? sum / weights : only;
    }

    @Test
    void aStopInTheMiddleDoesNotShow() throws Exception {
        run("reference", 1);
        StreamExecutionEnvironment environment = environment(1, new Configuration());
        PipelineBuilder.build(environment, spec("stopped", "source.speed=180000"));
        ChannelMean.INFERRED.drainPermits();
        JobClient job = environment.executeAsync();
        ChannelMean.INFERRED.acquire(20);
        String savepoint =
                job.stopWithSavepoint(
                                false,
                                folder.resolve("savepoints").toUri().toString(),
                                SavepointFormatType.CANONICAL)
                        .get();
        Configuration configuration = new Configuration();
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        StreamExecutionEnvironment restored = environment(2, configuration);
        PipelineBuilder.build(restored, spec("stopped"));
        ChannelMean.INFERRED.drainPermits();
        restored.execute();
        assertThat(ChannelMean.INFERRED.availablePermits()).isPositive();
        assertThat(TinyPipeline.lines(folder.resolve("stopped")))
                .isEqualTo(TinyPipeline.lines(folder.resolve("reference")));
    }

    /** The network itself: whatever shares its batches, what it fills has the same bits. */
    @Test
    void timesNetFillsWhatIsMissing() throws Exception {
        Files.createDirectories(folder.resolve("waves"));
        LocalDateTime start = LocalDateTime.of(2020, 1, 1, 0, 0);
        for (String stream : List.of("s", "t", "u")) {
            List<String> lines = new ArrayList<>(List.of("date,a,b,c,d,e"));
            for (int row = 0; row < 200; row++) {
                if (stream.equals("t") && row >= 100 && row < 106) {
                    continue;
                }
                StringBuilder line = new StringBuilder(start.plusHours(row).toString());
                for (int channel = 0; channel < 5; channel++) {
                    boolean missing = (row * 5 + channel) % 7 == 3;
                    line.append(',').append(missing ? "" : wave(stream, row, channel));
                }
                lines.add(line.toString());
            }
            Files.write(folder.resolve("waves").resolve(stream + ".csv"), lines);
        }
        Files.writeString(
                file,
                """
                name: waves
                source: {type: csv, path: waves, interval: 1h}
                order: {gap: fill, fill: {method: model, limit: 8}}
                window: {hop: 30}
                model: {bundle: "%s"}
                sink: {type: jsonl, path: out}
                dead-letters: {type: jsonl, path: refused}
                """
                        .formatted(GOLDEN.toAbsolutePath()));
        run("one", 1, "model.batch.size=1");
        run("many", 2, "model.batch.size=32", "source.frame=11");

        List<String> filled = new ArrayList<>();
        for (String output : List.of("one", "many")) {
            assertThat(TinyPipeline.lines(folder.resolve(output + "-refused"))).isEmpty();
            StringBuilder all = new StringBuilder();
            for (String stream : List.of("s", "t", "u")) {
                TreeMap<Long, float[]> rows = rows(output, stream);
                assertThat(rows).hasSize(200);
                rows.forEach((row, values) -> all.append(check(stream, row, values)));
            }
            filled.add(all.toString());
        }
        assertThat(filled.get(0)).isEqualTo(filled.get(1));
    }

    /** What was measured is as it was; what was not is a number of the series' size. */
    private static String check(String stream, long row, float[] values) {
        StringBuilder filled = new StringBuilder();
        for (int channel = 0; channel < 5; channel++) {
            boolean lost = stream.equals("t") && row >= 100 && row < 106;
            if (lost || (row * 5 + channel) % 7 == 3) {
                assertThat(values[channel]).isBetween(-100f, 100f);
                filled.append(row).append(' ').append(values[channel]).append('\n');
            } else {
                assertThat(values[channel]).isEqualTo(wave(stream, (int) row, channel));
            }
        }
        return filled.toString();
    }

    private static float wave(String stream, int row, int channel) {
        return (float) (3 * Math.sin(row * Math.PI / 12 + channel) + stream.charAt(0) % 5);
    }

    private TreeMap<Long, float[]> rows(String output, String stream) throws IOException {
        TreeMap<Long, float[]> rows = new TreeMap<>();
        for (String line : TinyPipeline.lines(folder.resolve(output))) {
            JsonNode frame = JSON.readTree(line);
            JsonNode channels = frame.path("samples");
            for (int i = 0; i < channels.path(0).size(); i++) {
                if (frame.path("streamId").asText().equals(stream)) {
                    float[] values = new float[channels.size()];
                    for (int channel = 0; channel < values.length; channel++) {
                        values[channel] = number(channels.path(channel).path(i));
                    }
                    rows.put(frame.path("sequence").asLong() + i, values);
                }
            }
        }
        return rows;
    }

    /** What is no filling is joined by itself; a window with a missing value leaves a hole. */
    @Test
    void anotherSignalIsJoined() throws Exception {
        run(
                "out",
                1,
                "model.bundle=" + folder.resolve("negates"),
                "order.gap=split",
                "order.fill=");
        TreeMap<Long, Sample> samples = samples("out", "t");
        assertThat(samples).hasSizeGreaterThan(70);
        samples.forEach(
                (row, sample) -> {
                    assertThat((double) sample.a())
                            .isCloseTo(negated("t", row, 0, 10.3), within(1e-3));
                    assertThat((double) sample.b())
                            .isCloseTo(negated("t", row, 1, 20.7), within(1e-3));
                });
    }

    /** What is negated is standardised. */
    private static double negated(String stream, long row, int channel, double mean) {
        return 2 * mean - value(stream, (int) row, channel) * 0.1;
    }

    private void run(String output, int parallelism, String... overrides) throws Exception {
        StreamExecutionEnvironment environment = environment(parallelism, new Configuration());
        PipelineBuilder.build(environment, spec(output, overrides));
        environment.execute();
    }

    private static StreamExecutionEnvironment environment(
            int parallelism, Configuration configuration) {
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        return StreamExecutionEnvironment.createLocalEnvironment(configuration);
    }

    private PipelineSpec spec(String output, String... overrides) {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.add("sink.path=" + folder.resolve(output));
        all.add("dead-letters.path=" + folder.resolve(output + "-refused"));
        return PipelineSpec.load(file, all);
    }

    /** Sample by sample, so that frames may be cut in any way; flags are as coarse as frames. */
    private List<String> values(String output) throws IOException {
        List<String> values = new ArrayList<>();
        for (String stream : List.of("s", "t")) {
            samples(output, stream)
                    .forEach(
                            (row, sample) ->
                                    values.add(
                                            "%s %d segment %d at %s: %s %s"
                                                    .formatted(
                                                            stream,
                                                            row,
                                                            sample.segment(),
                                                            sample.time(),
                                                            sample.a(),
                                                            sample.b())));
        }
        return values;
    }

    private TreeMap<Long, Sample> samples(String output, String stream) throws IOException {
        TreeMap<Long, Sample> samples = new TreeMap<>();
        for (String line : TinyPipeline.lines(folder.resolve(output))) {
            JsonNode frame = JSON.readTree(line);
            if (!frame.path("streamId").asText().equals(stream)) {
                continue;
            }
            int quality = frame.path("quality").asInt();
            JsonNode rows = frame.path("samples");
            LocalDateTime start =
                    LocalDateTime.parse(frame.path("start").asText().replace("Z", ""));
            for (int i = 0; i < rows.path(0).size(); i++) {
                long row = frame.path("sequence").asLong() + i;
                Sample sample =
                        new Sample(
                                frame.path("segment").asInt(),
                                start.plusHours(i) + ":00Z",
                                number(rows.path(0).path(i)),
                                number(rows.path(1).path(i)));
                assertThat(Quality.MISSING.in(quality)).isEqualTo(line.contains("null"));
                assertThat(samples.put(row, sample)).as("sample %d comes twice", row).isNull();
            }
        }
        return samples;
    }

    private static float number(JsonNode value) {
        return value.isNull() ? Float.NaN : value.floatValue();
    }
}
