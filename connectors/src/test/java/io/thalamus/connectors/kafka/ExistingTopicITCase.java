/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExistingTopicITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    @RegisterExtension
    static final EmbeddedKafka MAKING_TOPICS = EmbeddedKafka.withTopicsMadeWhenWritten();

    private static void open(String brokers, String topic, Map<String, String> properties)
            throws Exception {
        TopicOutput output = TopicOutput.atLeastOnce(brokers, topic, properties);
        new ExistingTopic<DeadLetter>(new RecordSerializer<>(topic, null), output).open(null, null);
    }

    @Test
    void aTopicThatIsNotThereFailsTheSinkInWords() throws Exception {
        String brokers = KAFKA.bootstrapServers();
        assertThatThrownBy(() -> open(brokers, "in.dlq", Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "the topic in.dlq, which is to be written, is not there, and the brokers"
                                + " at %s do not make topics by themselves".formatted(brokers)
                                + " (auto.create.topics.enable): create it, or name another");
        KAFKA.createTopic("in.dlq", 1);
        assertThatCode(() -> open(brokers, "in.dlq", Map.of("acks", "all")))
                .doesNotThrowAnyException();
    }

    @Test
    void brokersThatMakeTopicsMayBeWrittenTo() {
        assertThatCode(() -> open(MAKING_TOPICS.bootstrapServers(), "in.dlq", Map.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void aNameThatNoTopicHasFailsTheSinkInWords() {
        assertThatThrownBy(() -> open(KAFKA.bootstrapServers(), "a b", Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the topic a b, which is to be written, cannot be looked");
    }

    @Test
    void keepsOfTheProperties() {
        assertThat(
                        ConnectionSettings.among(
                                Map.of(
                                        "security.protocol", "SSL",
                                        "sasl.mechanism", "PLAIN",
                                        "ssl.keystore.location", "k",
                                        "client.id", "c",
                                        "config.providers.vault.class", "V",
                                        "isolation.level", "read_committed",
                                        "max.poll.records", "1")))
                .containsOnlyKeys(
                        "security.protocol",
                        "sasl.mechanism",
                        "ssl.keystore.location",
                        "client.id",
                        "config.providers.vault.class");
    }
}
