/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.spec.PipelineSpec;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The documented producer and consumer, which have Kafka and Avro on their class path alone. */
class ExamplesITCase {
    private static final Path EXAMPLES = Checkout.ROOT.resolve("docs/examples");
    private static final String FRAME =
            Checkout.ROOT
                    .resolve("schemas/src/main/resources/io/thalamus/schemas/SignalFrame.avsc")
                    .toString();

    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    @TempDir Path folder;

    @Test
    void aPipelineReadsWhatTheProducerWritesAndTheConsumerReadsWhatItMakes() throws Exception {
        KAFKA.createTopic("frames", 1);
        KAFKA.createTopic("filtered", 1);
        KAFKA.createDeadLetterTopic("frames.dlq");
        compile("FrameProducer", "ResultConsumer");

        assertThat(run("FrameProducer", "frames", FRAME, "bench-1")).containsExactly("20 frames");
        runPipeline();
        List<String> results = run("ResultConsumer", "filtered", FRAME, "20");

        assertThat(results).hasSize(20);
        assertThat(results.get(0)).isEqualTo("bench-1 segment 0 sample 0 of [sine, cosine]");
        assertThat(results.get(19)).isEqualTo("bench-1 segment 0 sample 380 of [sine, cosine]");
        assertThat(KAFKA.committed("frames.dlq")).isEmpty();
    }

    private void runPipeline() throws Exception {
        Path pipeline = folder.resolve("filter.yaml");
        Files.writeString(
                pipeline,
                """
                name: filter
                source: {type: kafka, bootstrap: '%1$s', topic: frames, group: g, until: latest}
                transforms:
                  - {id: low, type: butterworth, kind: low-pass, cutoffs: [20], order: 2}
                sink:
                  type: kafka
                  bootstrap: '%1$s'
                  topic: filtered
                  transactional-id-prefix: filter
                """
                        .formatted(KAFKA.bootstrapServers()));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        1,
                        Configuration.fromMap(Map.of("execution.checkpointing.interval", "500ms")));
        PipelineBuilder.build(environment, PipelineSpec.load(pipeline, List.of()));
        environment.execute("filter");
    }

    private void compile(String... examples) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-Xlint:all",
                                "-Werror",
                                "-cp",
                                classPath(),
                                "-d",
                                folder.toString()));
        Stream.of(examples)
                .map(name -> EXAMPLES.resolve(name + ".java").toString())
                .forEach(arguments::add);
        int errors =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, arguments.toArray(String[]::new));
        assertThat(errors).isZero();
    }

    private List<String> run(String example, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(List.of("-cp", folder + File.pathSeparator + classPath(), example));
        command.add(KAFKA.bootstrapServers());
        command.addAll(List.of(arguments));
        Launcher.Outcome outcome = Launcher.run(folder, command);
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return outcome.out().lines().toList();
    }

    /** Kafka's clients and Avro, with what they need. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(
                        entry ->
                                Path.of(entry)
                                        .getFileName()
                                        .toString()
                                        .matches(
                                                "(kafka-clients|avro|jackson-(core|databind|annotations)|slf4j-api|lz4-java)-.*[.]jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
