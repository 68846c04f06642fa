/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.recording.EdfFile;
import io.thalamus.jobs.spec.PipelineSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a file of several streams and annotations to result files, on Flink. */
class RecordingITCase {
    @TempDir private Path folder;

    @Test
    void streamsAndAnnotationsComeOutEachInTheirPlace() throws Exception {
        Files.write(
                folder.resolve("night.edf"),
                EdfFile.edf("EDF+D")
                        .signal("eeg", 4)
                        .signal("pulse", 1)
                        .annotations(60)
                        .record(
                                new int[] {10, 20, 30, 40},
                                new int[] {600},
                                "+0||_+0.5~1|spindle|_")
                        .record(new int[] {50, 60, 70, 80}, new int[] {610}, "+3||_bad_")
                        .bytes());
        Path file = folder.resolve("night.yaml");
        Files.writeString(
                file,
                """
                name: night
                source: {type: recording, path: night.edf, frame: 3}
                transforms: [{id: gain, type: gain, factor: 2}]
                sink: {type: jsonl, path: out}
                annotations: {type: jsonl, path: remarks}
                dead-letters: {type: jsonl, path: refused}
                """);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        PipelineBuilder.build(environment, PipelineSpec.load(file, List.of()));
        environment.execute();

        assertThat(lines("out"))
                .extracting(
                        frame ->
                                "%s %d segment %d %s"
                                        .formatted(
                                                frame.path("streamId").asText(),
                                                frame.path("sequence").asInt(),
                                                frame.path("segment").asInt(),
                                                frame.findPath("samples")))
                .containsExactlyInAnyOrder(
                        "night/4Hz 0 segment 0 [[2.0,4.0,6.0]]",
                        "night/4Hz 3 segment 0 [[8.0]]",
                        "night/4Hz 12 segment 1 [[10.0,12.0,14.0]]",
                        "night/4Hz 15 segment 1 [[16.0]]",
                        "night/1Hz 0 segment 0 [[120.0]]",
                        "night/1Hz 3 segment 1 [[122.0]]");
        assertThat(lines("remarks"))
                .extracting(remark -> remark.path("streamId").asText())
                .containsExactlyInAnyOrder("night", "night/4Hz", "night/1Hz");
        assertThat(lines("remarks")).anyMatch(one -> one.path("text").asText().equals("spindle"));
        assertThat(lines("refused"))
                .extracting(letter -> letter.path("error").asText())
                .containsExactly("bad annotation");
    }

    private List<JsonNode> lines(String output) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : TinyPipeline.lines(folder.resolve(output))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }
}
