/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.Schemas;
import io.thalamus.schemas.WireFormat;
import io.thalamus.schemas.WireRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes a Kafka record of one of ours. It tells its topic, which pooled transactions ask for. */
final class RecordSerializer<T extends WireRecord>
        implements KafkaRecordSerializationSchema<T>, KafkaDatasetFacetProvider {
    private static final long serialVersionUID = 1L;

    private final String topic;
    private final RegistryAccess registry;

    private transient RegistrySchemaCoder coder;

    /**
     * @param registry where schemas are registered, for Confluent's wire format; null for Avro's
     *     single-object encoding
     */
    RecordSerializer(String topic, RegistryAccess registry) {
        this.topic = topic;
        this.registry = registry;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sink) {
        coder = registry == null ? null : new RegistrySchemaCoder(registry, topic);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            T record, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(
                topic, record.key().getBytes(StandardCharsets.UTF_8), value(record));
    }

    private byte[] value(T record) {
        if (coder == null) {
            return WireFormat.encode(record);
        }
        ByteArrayOutputStream header = new ByteArrayOutputStream(RegistrySchemaCoder.HEADER);
        try {
            coder.writeSchema(Schemas.current(record.getClass()), header);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        return WireFormat.encode(header.toByteArray(), record);
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return Optional.of(
                new DefaultKafkaDatasetFacet(
                        DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
    }
}
