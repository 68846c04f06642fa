/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.Await;
import io.thalamus.schemas.DeadLetter;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Writers with records that cannot be sent any more. */
class TopicWriterITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    private static final Map<String, String> UNBATCHED =
            Map.of(ProducerConfig.LINGER_MS_CONFIG, "0");

    private static OneInputStreamOperatorTestHarness<DeadLetter, CommittableMessage<Object>> open(
            TopicOutput output) throws Exception {
        var harness =
                new OneInputStreamOperatorTestHarness<DeadLetter, CommittableMessage<Object>>(
                        new SinkWriterOperatorFactory<>(RecordSink.<DeadLetter>of(output)));
        harness.open();
        return harness;
    }

    private static DeadLetter letter(byte[] payload) {
        return new DeadLetter("in", 0, 7, 0, "source", "CORRUPT", "no frame", payload);
    }

    /** As when a job has gone on elsewhere while the task manager was cut off. */
    @Test
    void closeThoughAnotherRunHasTakenTheirTransactions() throws Exception {
        for (boolean flushed : List.of(true, false)) {
            String topic = "taken-" + flushed;
            KAFKA.createTopic(topic, 1);
            var cutOff =
                    open(
                            TopicOutput.exactlyOnce(
                                    KAFKA.bootstrapServers(), topic, topic, UNBATCHED));
            cutOff.processElement(letter(new byte[1]), 0);
            Await.until("the record is there", () -> !KAFKA.written(topic).isEmpty());
            KAFKA.takeOverTransactions();
            cutOff.processElement(letter(new byte[1]), 0);
            Await.until("it could not be sent", () -> cutOff.getTaskMailbox().hasMail());
            if (flushed) {
                assertThatThrownBy(() -> cutOff.prepareSnapshotPreBarrier(1))
                        .hasRootCauseInstanceOf(ApiException.class);
            }
            assertThatCode(cutOff::close).doesNotThrowAnyException();
            assertThat(KAFKA.committed(topic)).isEmpty();
        }
    }

    @Test
    void closeThoughTheBrokerRefusesTheirRecords() throws Exception {
        KAFKA.createTopic("narrow", 1, 1_000);
        var harness = open(TopicOutput.atLeastOnce(KAFKA.bootstrapServers(), "narrow", UNBATCHED));
        harness.processElement(letter(new byte[1]), 0);
        harness.prepareSnapshotPreBarrier(1);
        byte[] noise = new byte[2_000];
        new Random(1).nextBytes(noise);
        harness.processElement(letter(noise), 0);
        Await.until("it could not be sent", () -> harness.getTaskMailbox().hasMail());
        assertThatCode(harness::close).doesNotThrowAnyException();
        assertThat(KAFKA.written("narrow")).hasSize(1);
    }
}
