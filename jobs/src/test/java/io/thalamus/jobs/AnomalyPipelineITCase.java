/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.jobs.spec.PipelineSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnomalyPipelineITCase {
    @TempDir private Path folder;

    /** Two streams of a period of seven hours, but for two stretches. */
    @BeforeEach
    void writePipeline() throws IOException {
        SquareScores.bundle(folder.resolve("bundle"), 8);
        Files.createDirectories(folder.resolve("recordings"));
        for (String stream : List.of("s", "t")) {
            StringBuilder csv = new StringBuilder("date,a,b\n");
            LocalDateTime time = LocalDateTime.of(2020, 1, 1, 0, 0);
            for (int row = 0; row < 242; row++) {
                double a = row >= 100 && row < 105 ? 3 : row % 7 / 10.0;
                double b = row == 163 || row == 166 ? -2 : row % 7 / 10.0;
                csv.append("%s,%s,%s\n".formatted(time.plusHours(row), a, b));
            }
            Files.writeString(folder.resolve("recordings").resolve(stream + ".csv"), csv);
        }
        Files.writeString(
                folder.resolve("pipeline.yaml"),
                """
                name: tiny
                source: {type: csv, path: recordings, frame: 5}
                window: {hop: 3}
                model: {bundle: bundle, engine: none, batch: {size: 3, delay: 20ms}}
                detection:
                  threshold: {type: percentile, anomaly-ratio: 5, calibration: 3d}
                  quiet: 12h
                  events: {type: jsonl, path: out/events}
                sink: {type: jsonl, path: out/scores}
                dead-letters: {type: jsonl, path: out/dead-letters}
                """);
    }

    @Test
    void tellsOfAnomaliesAsTheyStartAndOnceTheyAreOver() throws Exception {
        run("quiet", 1, "detection.threshold=" + fixed(1), "detection.quiet=3");

        List<String> events =
                lines("quiet/events").stream()
                        .filter(line -> line.contains("\"streamId\":\"s\""))
                        .map(
                                line ->
                                        line.replaceAll(
                                                ".*\"start\":\"([^\"]*)\".*\"end\":(null|\"[^\"]*\")"
                                                    + ".*\"peak\":([0-9.]+).*\"channels\":(.*?),"
                                                    + "\"model.*",
                                                "$1 $2 $3 $4"))
                        .toList();
        assertThat(events)
                .containsExactlyInAnyOrder(
                        "2020-01-05T04:00:00Z null 4.52 [\"a\"]",
                        "2020-01-05T04:00:00Z \"2020-01-05T09:00:00Z\" 4.68 [\"a\"]",
                        "2020-01-07T19:00:00Z null 2.02 [\"b\"]",
                        "2020-01-07T19:00:00Z \"2020-01-07T23:00:00Z\" 2.125 [\"b\"]");
    }

    @Test
    void eachSampleHasOneScore() throws Exception {
        run("once", 1, "sink.type=csv");

        List<String> rows =
                lines("once/scores").stream().filter(line -> line.startsWith("s,")).toList();
        // A window of 8 samples and 78 hops of 3.
        assertThat(rows).hasSize(242);
        assertThat(rows.stream().map(row -> row.split(",")[3]).distinct()).hasSize(242);
    }

    @ParameterizedTest(name = "parallelism {0}, batch {1}, frame {2}, hop {3}")
    @CsvSource({"1, 1, 1, 3", "2, 64, 7, 3", "2, 3, 100, 1"})
    void nothingButTheStreamItselfDecidesWhatComesOut(
            int parallelism, int batch, int frame, int hop) throws Exception {
        run("reference", 1);

        run(
                "other",
                parallelism,
                "model.batch.size=" + batch,
                "source.frame=" + frame,
                "window.hop=" + hop);

        assertThat(lines("other/events")).isEqualTo(lines("reference/events")).hasSize(8);
        if (hop == 3) {
            assertThat(lines("other/scores")).isEqualTo(lines("reference/scores"));
        }
    }

    @Test
    void withoutDetectionTheScoresComeAsTheModelGivesThem() throws Exception {
        run("plain", 1, "detection=");

        assertThat(lines("plain/scores")).hasSize(2 * 79);
        assertThat(lines("plain/events")).isEmpty();
    }

    private static String fixed(double value) {
        return "{type: fixed, value: %s}".formatted(value);
    }

    private void run(String output, int parallelism, String... overrides) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(configuration);
        List<String> all = new ArrayList<>();
        all.add("sink.path=" + folder.resolve(output).resolve("scores"));
        all.add("detection.events.path=" + folder.resolve(output).resolve("events"));
        all.addAll(List.of(overrides));
        PipelineBuilder.build(environment, PipelineSpec.load(folder.resolve("pipeline.yaml"), all));
        environment.execute();
    }

    private List<String> lines(String output) throws IOException {
        return TinyPipeline.lines(folder.resolve(output));
    }
}
