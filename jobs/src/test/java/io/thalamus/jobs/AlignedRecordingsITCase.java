/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.jobs.spec.PipelineSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From recordings of several streams to one stream of all their channels, on Flink. */
class AlignedRecordingsITCase {
    private static final int ROWS = 1500;
    private static final int HOLE = 700;
    private static final int RESUMED = 900;

    @TempDir private Path folder;

    /** The near end counts up at 100 Hz from second 1000 on; the far end, later, has a hole. */
    @BeforeEach
    void writeRecordings() throws IOException {
        Files.createDirectories(folder.resolve("in"));
        for (String call : List.of("one", "two")) {
            write(call + ".near", 1000, 0, ROWS);
            write(call + ".far", 1002, HOLE, RESUMED);
        }
        Files.writeString(
                folder.resolve("call.yaml"),
                """
                name: call
                source: {type: csv, path: in, time-format: epoch-seconds, interval: 10ms}
                align: {members: [near, far], rate: 100, limit: 1s}
                transforms:
                  - {id: order, type: select-channels, channels: [far.v, near.v]}
                sink: {type: jsonl, path: out/frames}
                annotations: {type: jsonl, path: out/annotations}
                dead-letters: {type: jsonl, path: out/dead-letters}
                """);
    }

    private void write(String stream, int start, int hole, int resumed) throws IOException {
        StringBuilder csv = new StringBuilder("time,v\n");
        for (int row = 0; row < ROWS; row++) {
            if (row < hole || row >= resumed || hole == 0) {
                csv.append("%d.%02d,%d\n".formatted(start + row / 100, row % 100, row));
            }
        }
        Files.writeString(folder.resolve("in").resolve(stream + ".csv"), csv);
    }

    @ParameterizedTest(name = "parallelism {0}, frame {1}")
    @CsvSource({"1, 256", "2, 256", "2, 7"})
    void comeOutAsOneStreamHoweverTheJobIsRun(int parallelism, int frame) throws Exception {
        run(parallelism, "source.frame=" + frame);

        for (String call : List.of("one", "two")) {
            Map<Long, String> samples = samples(call);
            assertThat(samples).hasSize(ROWS - 200 - (RESUMED - HOLE));
            samples.forEach(
                    (number, sample) ->
                            assertThat(sample)
                                    .isEqualTo(
                                            "segment %d: [%s, %s]"
                                                    .formatted(
                                                            number < HOLE ? 0 : 1,
                                                            (double) number,
                                                            (double) (number + 200))));
        }
        assertThat(TinyPipeline.lines(folder.resolve("out/dead-letters"))).isEmpty();
        assertThat(TinyPipeline.lines(folder.resolve("out/annotations")))
                .filteredOn(line -> line.contains("far is missing"))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("\"one\"", "1009000000000"));
    }

    @Test
    void aStreamThatIsNoMemberBecomesDeadLetters() throws Exception {
        PipelineSpec spec = spec();
        Files.move(folder.resolve("in/two.far.csv"), folder.resolve("in/stranger.csv"));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        PipelineBuilder.build(environment, spec);
        environment.execute();

        assertThat(samples("one")).isNotEmpty();
        assertThat(samples("two")).isEmpty();
        assertThat(TinyPipeline.lines(folder.resolve("out/dead-letters")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("stream stranger is no member of a"));
        assertThat(TinyPipeline.lines(folder.resolve("out/annotations")))
                .anySatisfy(line -> assertThat(line).contains("far has not come at all"));
    }

    private void run(int parallelism, String... overrides) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism);
        PipelineBuilder.build(environment, spec(overrides));
        environment.execute();
    }

    private PipelineSpec spec(String... overrides) {
        return PipelineSpec.load(folder.resolve("call.yaml"), List.of(overrides));
    }

    /** Each sample of a joined stream by its number. */
    private Map<Long, String> samples(String stream) throws IOException {
        Map<Long, String> samples = new TreeMap<>();
        for (String line : TinyPipeline.lines(folder.resolve("out/frames"))) {
            JsonNode frame = new ObjectMapper().readTree(line);
            if (!frame.toString().contains("\"" + stream + "\"")) {
                continue;
            }
            JsonNode channels = frame.findPath("samples");
            for (int n = 0; n < channels.path(0).size(); n++) {
                samples.put(
                        frame.path("sequence").longValue() + n,
                        "segment %d: [%s, %s]"
                                .formatted(
                                        frame.path("segment").intValue(),
                                        channels.path(0).path(n).doubleValue(),
                                        channels.path(1).path(n).doubleValue()));
            }
        }
        return samples;
    }
}
