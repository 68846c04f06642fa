/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import io.thalamus.schemas.WireFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines from and to topics in Confluent's wire format, with a registry as it is deployed. */
class SchemaRegistryITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    @TempDir static Path folder;
    private static Apicurio registry;
    private static Path recordings;

    @BeforeAll
    static void start() throws Exception {
        registry = Apicurio.start();
        recordings = ForecastRuns.recordings(folder.resolve("recordings"), 2, 100);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void framesGoThroughATopicWithARegistry() throws Exception {
        KAFKA.createTopic("plain", 1);
        KAFKA.createTopic("registered", 1);
        KAFKA.createDeadLetterTopic("registered.dlq");
        KAFKA.createTopic("again", 1);
        run(csv(), sink("plain", "avro"));
        run(csv(), sink("registered", "confluent"));
        assertThat(registry.send("GET", "/subjects", "")).isEqualTo("[\"registered-value\"]");
        byte[] unknown = {0, 0, 0, 3, 77, 1};
        KAFKA.send("registered", "k", unknown);

        run(
                "{type: kafka, bootstrap: '%s', topic: registered, group: g, until: latest,"
                                .formatted(KAFKA.bootstrapServers())
                        + " format: confluent, registry: {url: '%s'}}".formatted(registry.url()),
                sink("again", "avro"));

        assertThat(KAFKA.committed("registered").get(0).value()[0]).isZero();
        assertThat(frames("again")).containsExactlyInAnyOrderElementsOf(frames("plain"));
        assertThat(KAFKA.committed("registered.dlq"))
                .singleElement()
                .satisfies(
                        record -> {
                            DeadLetter letter = WireFormat.decode(record.value(), DeadLetter.class);
                            assertThat(letter.error()).isEqualTo("UNKNOWN_SCHEMA");
                            assertThat(letter.payload()).isEqualTo(unknown);
                        });
    }

    @Test
    void aSchemaThatDoesNotFitStopsTheJobInWords() throws Exception {
        KAFKA.createTopic("clash", 1);
        registry.send(
                "POST",
                "/subjects/clash-value/versions",
                "{\"schema\":"
                    + " \"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"A\\\",\\\"fields\\\":[]}\"}");
        registry.send("PUT", "/config/clash-value", "{\"compatibility\": \"BACKWARD\"}");

        assertThatThrownBy(() -> run(csv(), sink("clash", "confluent")))
                .satisfies(
                        failure ->
                                assertThat(ExceptionUtils.stringifyException(failure))
                                        .contains(
                                                "finds an earlier schema incompatible with"
                                                        + " io.thalamus.schemas.SignalFrame under"
                                                        + " the subject clash-value"));
    }

    private static String csv() {
        return "{type: csv, path: '%s', interval: 1h}".formatted(recordings);
    }

    private static String sink(String topic, String format) {
        return "{type: kafka, bootstrap: '%s', topic: %s, guarantee: at-least-once, format: %s%s}"
                .formatted(
                        KAFKA.bootstrapServers(),
                        topic,
                        format,
                        format.equals("confluent")
                                ? ", registry: {url: '%s'}".formatted(registry.url())
                                : "");
    }

    private static void run(String source, String sink) throws Exception {
        String pipeline = "name: p\nsource: %s\nsink: %s\n".formatted(source, sink);
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(
                file,
                source.contains("type: csv")
                        ? pipeline + "dead-letters: {type: jsonl, path: out/refused}\n"
                        : pipeline);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        1, Configuration.fromMap(Map.of("restart-strategy.type", "none")));
        PipelineBuilder.build(environment, PipelineSpec.load(file, List.of()));
        environment.execute("p");
    }

    private static List<SignalFrame> frames(String topic) {
        return KAFKA.committed(topic).stream().map(SchemaRegistryITCase::frame).toList();
    }

    private static SignalFrame frame(ConsumerRecord<byte[], byte[]> record) {
        try {
            return WireFormat.decode(record.value(), SignalFrame.class);
        } catch (WireFormatException e) {
            throw new AssertionError(e);
        }
    }
}
