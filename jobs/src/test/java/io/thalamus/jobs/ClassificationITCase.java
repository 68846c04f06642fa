/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.Tensor;
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
                        "entropy":0.5004024160936038,"model":"ears"}""");
    }

    /** The reference's own window, as a recording, through a pipeline with its weights. */
    @Test
    void aNetworksProbabilitiesAreTheReferences() throws Exception {
        Path golden =
                Path.of("../models-timeseries/src/test/resources/golden/timesnet/classification");
        Safetensors cases = Safetensors.open(golden.resolve("cases.safetensors"));
        Tensor window = cases.tensor("single.x_enc");
        int channels = window.dimension(2);
        StringBuilder csv = new StringBuilder("time");
        for (int channel = 0; channel < channels; channel++) {
            csv.append(",c").append(channel);
        }
        for (int n = 0; n < window.dimension(1); n++) {
            csv.append('\n').append(n);
            for (int channel = 0; channel < channels; channel++) {
                csv.append(',').append(window.data()[n * channels + channel]);
            }
        }
        Path recording = Files.writeString(folder.resolve("reference.csv"), csv.append('\n'));

        run(
                1,
                "source={type: csv, path: '%s', time-format: epoch-seconds}".formatted(recording),
                "window=",
                "model={bundle: '%s'}".formatted(golden.toAbsolutePath()),
                "sink={type: jsonl, path: '%s'}".formatted(folder.resolve("classes")));

        JsonNode made =
                new ObjectMapper().readTree(TinyPipeline.lines(folder.resolve("classes")).get(0));
        float[] logits = cases.tensor("single.y").data();
        double sum = 0;
        int largest = 0;
        for (int c = 0; c < logits.length; c++) {
            sum += Math.exp(logits[c]);
            largest = logits[c] > logits[largest] ? c : largest;
        }
        assertThat(made.path("label")).isEqualTo(made.path("classes").path(largest));
        assertThat(made.path("probabilities")).hasSize(logits.length);
        for (int c = 0; c < logits.length; c++) {
            assertThat(made.path("probabilities").path(c).asDouble())
                    .isCloseTo(Math.exp(logits[c]) / sum, within(5e-5));
        }
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
