/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.jobs.spec.PipelineSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From rows with times of their own to regular frames in files, on Flink. */
class IrregularRecordingITCase {
    @TempDir private Path folder;

    @Test
    void comesOutOnTheGrid() throws Exception {
        Files.writeString(
                folder.resolve("room.csv"),
                """
                time,warmth
                100.5,1
                102.5,5
                101.5,3
                102.5,7
                103.5,7
                120,1
                121,2
                119,9
                """);
        Path file = folder.resolve("room.yaml");
        Files.writeString(
                file,
                """
                name: room
                source: {type: csv, path: room.csv, time-format: epoch-seconds, irregular: true,
                  interval: 1s}
                order: {reorder: 1, grid: {rate: 1, limit: 5s}}
                sink: {type: jsonl, path: out}
                dead-letters: {type: jsonl, path: refused}
                """);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        PipelineBuilder.build(environment, PipelineSpec.load(file, List.of()));
        environment.execute();

        TreeMap<Long, String> frames = new TreeMap<>();
        for (String line : TinyPipeline.lines(folder.resolve("out"))) {
            JsonNode frame = new ObjectMapper().readTree(line);
            List<Double> values = new ArrayList<>();
            frame.findPath("samples").path(0).forEach(value -> values.add(value.doubleValue()));
            frames.put(
                    frame.path("sequence").longValue(),
                    "segment %d: %s".formatted(frame.path("segment").intValue(), values));
        }
        assertThat(frames)
                .hasToString(
                        "{0=segment 0: [2.0], 1=segment 0: [4.0], 2=segment 0: [6.0],"
                                + " 19=segment 1: [1.0], 20=segment 1: [2.0]}");
        assertThat(TinyPipeline.lines(folder.resolve("refused")))
                .singleElement()
                .asString()
                .contains("late frame");
    }
}
