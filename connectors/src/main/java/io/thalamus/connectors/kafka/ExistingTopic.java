/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Looks for the topic when the sink opens. A producer would look at its first record only, which
 * for dead letters may be months later, wait for a minute, and fail without a word on what to do.
 */
final class ExistingTopic<T extends WireRecord>
        implements KafkaRecordSerializationSchema<T>, KafkaDatasetFacetProvider {
    private static final long serialVersionUID = 1L;

    private final RecordSerializer<T> serializer;
    private final String topic;
    private final String brokers;
    private final Map<String, String> properties;

    ExistingTopic(RecordSerializer<T> serializer, TopicOutput output) {
        this.serializer = serializer;
        topic = output.topic();
        brokers = output.bootstrapServers();
        properties = output.properties();
    }

    /**
     * @throws InvalidInputException if there is no such topic, nor will there be when it is written
     * @throws IOException if the brokers cannot be asked
     */
    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sink)
            throws IOException, InterruptedException {
        serializer.open(context, sink);
        try (Brokers asked = Brokers.open(brokers, properties)) {
            if (!asked.have(topic) && !asked.makeTopics()) {
                throw new InvalidInputException(
                        "the topic %s, which is to be written, is not there, and the brokers at %s do not make topics by themselves (%s): create it, or name another"
                                .formatted(topic, brokers, Brokers.MAKES_TOPICS));
            }
        } catch (ExecutionException e) {
            throw new IOException(
                    "the topic %s, which is to be written, cannot be looked for at %s: %s"
                            .formatted(topic, brokers, e.getCause().getMessage()),
                    e.getCause());
        }
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            T record, KafkaSinkContext context, Long timestamp) {
        return serializer.serialize(record, context, timestamp);
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return serializer.getKafkaDatasetFacet();
    }
}
