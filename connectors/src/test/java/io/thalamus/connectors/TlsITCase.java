/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.kafka.Certificates;
import io.thalamus.connectors.kafka.ConfluentFrames;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.connectors.kafka.FrameSource;
import io.thalamus.connectors.kafka.RecordSink;
import io.thalamus.connectors.kafka.RegistryAccess;
import io.thalamus.connectors.kafka.RegistryServer;
import io.thalamus.connectors.kafka.TopicInput;
import io.thalamus.connectors.kafka.TopicOutput;
import io.thalamus.connectors.kafka.TopicReader;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Examples;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Brokers and a schema registry that are spoken to in TLS, with certificates of an authority that
 * Java does not know, and that want one of their client.
 */
class TlsITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = EmbeddedKafka.withCertificates();
    @RegisterExtension static final MiniClusterExtension FLINK = new MiniClusterExtension();

    @TempDir Path folder;

    private RegistryServer registry;
    private Map<String, String> stores;
    private Map<String, String> properties;

    @BeforeEach
    void start() throws Exception {
        registry = RegistryServer.withCertificates(KAFKA.certificates());
        Path secrets =
                Files.writeString(
                        folder.resolve("secrets"), "stores=" + Certificates.PASSWORD + "\n");
        stores = KAFKA.certificates().ofClient("${file:%s:stores}".formatted(secrets));
        properties = new HashMap<>(stores);
        properties.put("security.protocol", "SSL");
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private TopicInput input(String topic) {
        RegistryAccess access = new RegistryAccess(registry.url(), stores);
        return new TopicInput(
                KAFKA.bootstrapServers(),
                List.of(topic),
                "test",
                new ConfluentFrames(access),
                true,
                properties);
    }

    @Test
    void framesComeAndGoWithDeadLettersBeside() throws Exception {
        KAFKA.createTopic("tls", 1);
        KAFKA.createTopic("tls-again", 1);
        KAFKA.createDeadLetterTopic("tls.dlq");
        StreamExecutionEnvironment writing = Jobs.checkpointed();
        writing.fromData(List.of(Examples.FRAME), TypeInformation.of(SignalFrame.class))
                .uid("frames")
                .sinkTo(RecordSink.of(output("tls")))
                .uid("sink");
        writing.execute();
        KAFKA.send("tls", "a", new byte[] {1, 2, 3});

        StreamExecutionEnvironment job = Jobs.checkpointed();
        SingleOutputStreamOperator<Received> received =
                job.fromSource(
                                FrameSource.of(input("tls")),
                                FrameSource.watermarks(
                                        Duration.ofSeconds(1), Duration.ofSeconds(10)),
                                "tls")
                        .uid("source");
        received.filter(one -> one.frame() != null)
                .uid("sound")
                .map(Received::frame)
                .returns(SignalFrame.class)
                .uid("frames")
                .sinkTo(RecordSink.of(output("tls-again")))
                .uid("sink");
        received.filter(one -> one.deadLetter() != null)
                .uid("poor")
                .map(Received::deadLetter)
                .returns(DeadLetter.class)
                .uid("letters")
                .sinkTo(
                        RecordSink.ofDeadLetters(
                                input("tls"),
                                TopicOutput.atLeastOnce(
                                        KAFKA.bootstrapServers(), "tls.dlq", properties)))
                .uid("letter-sink");
        job.execute();

        assertThat(read("tls-again")).containsExactly(Received.frame(Examples.FRAME));
        List<ConsumerRecord<byte[], byte[]>> letters = KAFKA.committed("tls.dlq");
        assertThat(letters).hasSize(1);
        assertThat(WireFormat.decode(letters.get(0).value(), DeadLetter.class).payload())
                .containsExactly(1, 2, 3);
        assertThat(registry.requests).contains("POST /subjects/tls-value/versions null");
    }

    private TopicOutput output(String topic) {
        return TopicOutput.exactlyOnce(KAFKA.bootstrapServers(), topic, topic, properties)
                .withRegistry(new RegistryAccess(registry.url(), stores));
    }

    private List<Received> read(String topic) throws IOException {
        List<Received> read = new ArrayList<>();
        try (TopicReader reader =
                TopicReader.open(
                        KAFKA.bootstrapServers(),
                        topic,
                        Optional.empty(),
                        new ConfluentFrames(new RegistryAccess(registry.url(), stores)),
                        properties)) {
            while (!reader.isAtEnd()) {
                read.addAll(reader.poll(Duration.ofSeconds(1)));
            }
        }
        return read;
    }

    @Test
    void anAuthorityThatNobodyVouchesForIsNotTrusted() throws Exception {
        KAFKA.createTopic("vouched", 1);
        KAFKA.send("vouched", "a", new byte[] {0, 0, 0, 0, 7, 1});
        Map<String, String> whole = Map.copyOf(properties);
        properties.keySet().removeIf(name -> name.startsWith("ssl.truststore"));
        assertThatThrownBy(() -> read("vouched"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("unable to find valid certification path");

        properties.putAll(whole);
        stores = Map.of();
        assertThatThrownBy(() -> read("vouched"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the schema registry at https://localhost")
                .hasMessageContaining("does not answer: javax.net.ssl.SSLHandshakeException");
    }
}
