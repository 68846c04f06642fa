/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.jobs.spec.PipelineSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineBuilderTest {
    @TempDir private Path folder;

    /**
     * Windows wait for as long as commands come. Were they counted behind their check, some that it
     * refuses, or takes long for, would end the wait before a replay has read those that follow.
     */
    @Test
    void commandsAreWaitedForBeforeTheyAreChecked() throws Exception {
        BandRecording.write(folder.resolve("s.csv"), BandRecording.WINDOW, (n, band) -> n);
        Path file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
name: digits
source: {type: csv, path: s.csv, rate: 125/2, time-format: epoch-seconds}
model: {bundle: '%s'}
adaptation: {preset: homeostat}
control: {type: kafka, bootstrap: "localhost:9092", topic: control}
sink: {type: jsonl, path: labels}
dead-letters: {type: jsonl, path: refused}
"""
                                .formatted(BandRecording.CLASSIFIER));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        PipelineBuilder.build(environment, PipelineSpec.load(file, List.of()));
        StreamGraph graph = environment.getStreamGraph();
        assertThat(before(graph, "model")).contains("control-check");
        assertThat(before(graph, "control-check")).containsExactly("control-quiet");
        assertThat(before(graph, "control-quiet")).containsExactly("control-ingest");
    }

    /** The steps that a step reads. */
    private static List<String> before(StreamGraph graph, String step) {
        StreamNode node =
                graph.getStreamNodes().stream()
                        .filter(one -> step.equals(one.getTransformationUID()))
                        .findFirst()
                        .orElseThrow();
        return node.getInEdges().stream()
                .map(edge -> graph.getStreamNode(edge.getSourceId()).getTransformationUID())
                .toList();
    }
}
