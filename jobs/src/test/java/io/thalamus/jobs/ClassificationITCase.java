/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.jobs.spec.PipelineSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows to labels, on Flink. */
class ClassificationITCase {
    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void writePipeline() throws IOException {
        LoudestChannel.bundle(folder.resolve("ears"), 2);
        Files.createDirectory(folder.resolve("recordings"));
        Files.writeString(
                folder.resolve("recordings/s.csv"),
                """
                time,a,b
                2020-01-01T00:00:00Z,1,3
                2020-01-01T00:00:01Z,2,3
                2020-01-01T00:00:02Z,4,0
                2020-01-01T00:00:03Z,0,0
                2020-01-01T00:00:04Z,,9
                2020-01-01T00:00:05Z,1,9
                2020-01-01T00:00:06Z,1,2
                2020-01-01T00:00:07Z,1,2
                """);
        Files.writeString(
                folder.resolve("recordings/t.csv"),
                "time,a,b\n2020-01-01T00:00:00Z,2,1\n2020-01-01T00:00:01Z,2,1\n");
        file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
                        name: ears
                        source: {type: csv, path: recordings}
                        window: {hop: 2}
                        model: {bundle: ears, engine: none}
                        sink: {type: csv, path: labels}
                        dead-letters: {type: jsonl, path: refused}
                        """);
    }

    @Test
    void eachWindowHasALabelAndProbabilities() throws Exception {
        run(1, "sink.path=" + folder.resolve("labels"));

        assertThat(TinyPipeline.lines(folder.resolve("labels")))
                .containsExactly(
                        "s,ears,0,0,2020-01-01T00:00:00Z,2020-01-01T00:00:02Z,right,0.2173913,"
                                + "0.7826087",
                        "s,ears,0,2,2020-01-01T00:00:02Z,2020-01-01T00:00:04Z,left,1.0,0.0",
                        "s,ears,0,6,2020-01-01T00:00:06Z,2020-01-01T00:00:08Z,right,0.2,0.8",
                        "stream,model,segment,sequence,start,end,label,left,right",
                        "t,ears,0,0,2020-01-01T00:00:00Z,2020-01-01T00:00:02Z,left,0.8,0.2");
        assertThat(TinyPipeline.lines(folder.resolve("refused"))).isEmpty();
    }

    @Test
    void nothingButTheWindowDecidesItsLabel() throws Exception {
        run(1, "sink={type: jsonl, path: '" + folder.resolve("one") + "'}");
        run(
                2,
                "sink={type: jsonl, path: '" + folder.resolve("two") + "'}",
                "source.frame=3",
                "model.batch.size=1");

        assertThat(TinyPipeline.lines(folder.resolve("two")))
                .isEqualTo(TinyPipeline.lines(folder.resolve("one")))
                .hasSize(4)
                .contains(
                        """
                        {"type":"Classification","streamId":"t","sequence":0,"segment":0,\
                        "start":"2020-01-01T00:00:00Z","startNanos":1577836800000000000,\
                        "end":"2020-01-01T00:00:02Z","endNanos":1577836802000000000,\
                        "label":"left","classes":["left","right"],"probabilities":[0.8,0.2],\
                        "model":"ears"}""");
    }

    private void run(int parallelism, String... overrides) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(configuration);
        PipelineBuilder.build(
                environment, PipelineSpec.load(file, new ArrayList<>(List.of(overrides))));
        environment.execute();
    }
}
