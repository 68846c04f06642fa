/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;

/**
 * Sees to it that the dead letters of topics fit theirs. A letter that does not would fail the job
 * whenever it is restarted, so the job is ended for good instead, in words: when it starts, if
 * records of the largest size that their topics take would not fit, or nobody says what would; and
 * at a letter that does not fit all the same, as one of a record which had shrunk more for its
 * producer, or of a frame that has become larger than the record it was read from.
 */
final class RoomyTopic
        implements KafkaRecordSerializationSchema<DeadLetter>, KafkaDatasetFacetProvider {
    private static final long serialVersionUID = 1L;

    /** What a letter holds beside its record, amply. */
    static final int LETTER_BYTES = 1 << 16;

    /** What a request holds beside a record's key and value: headers that letters do not have. */
    private static final int RECORD_BYTES = 1 << 10;

    private final ExistingTopic<DeadLetter> serializer;
    private final TopicInput from;
    private final TopicOutput output;
    private final int largestRequest;
    private final String compression;

    private transient int largestMessage;

    RoomyTopic(ExistingTopic<DeadLetter> serializer, TopicInput from, TopicOutput output) {
        this.serializer = serializer;
        this.from = from;
        this.output = output;
        Properties producer = RecordSink.properties(output);
        largestRequest =
                Integer.parseInt(producer.getProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
        compression = producer.getProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG);
    }

    /**
     * @throws SuppressRestartsException if letters of the topics' records may not fit, or it is not
     *     known what would
     * @throws IOException if the brokers cannot be asked
     */
    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sink)
            throws IOException, InterruptedException {
        serializer.open(context, sink);
        try (Brokers here = Brokers.open(output.bootstrapServers(), output.properties());
                Brokers there = Brokers.open(from.bootstrapServers(), from.properties())) {
            largestMessage =
                    here.largestMessage(output.topic()).orElseGet(this::largestSaidToBeTaken);
            for (String topic : from.topics()) {
                OptionalInt record = there.largestMessage(topic);
                if (record.isPresent()) {
                    requireRoom(topic, record.getAsInt());
                }
            }
        } catch (ExecutionException e) {
            throw new IOException(
                    "the brokers do not say how large the messages of %s may be: %s"
                            .formatted(output.topic(), e.getCause().getMessage()),
                    e.getCause());
        }
    }

    /**
     * A topic whose settings may not be seen refuses a letter when it is too late, and again after
     * each restart; so whoever sets up the job has to say what it takes.
     */
    private int largestSaidToBeTaken() {
        if (!output.properties().containsKey(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)) {
            throw ended(
                    "the brokers at %s do not tell the job's user how large the messages of the topic %s, which takes dead letters, may be: allow the user to see the topic's settings (DescribeConfigs), or set %s in the properties of dead-letters to the topic's %s"
                            .formatted(
                                    output.bootstrapServers(),
                                    output.topic(),
                                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        }
        return largestRequest;
    }

    private void requireRoom(String topic, int record) {
        long letter = (long) record + LETTER_BYTES;
        if (letter > largestMessage) {
            throw ended(
                    "the topic %s takes messages of up to %d bytes, and its dead letters would not fit the topic %s, which takes %d: run kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%d, or set that of %s to less"
                            .formatted(
                                    topic,
                                    record,
                                    output.topic(),
                                    largestMessage,
                                    output.bootstrapServers(),
                                    output.topic(),
                                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                    letter,
                                    topic));
        }
        if (letter > largestRequest) {
            throw ended(
                    "the topic %s takes messages of up to %d bytes, and its dead letters are written to the topic %s in requests of up to %d: set %s to %d or more, and %s to twice as much, in the properties of dead-letters"
                            .formatted(
                                    topic,
                                    record,
                                    output.topic(),
                                    largestRequest,
                                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                    letter,
                                    ProducerConfig.BUFFER_MEMORY_CONFIG));
        }
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        ProducerRecord<byte[], byte[]> record = serializer.serialize(letter, context, timestamp);
        int bytes = RECORD_BYTES + record.key().length + record.value().length;
        if (bytes > largestRequest) {
            throw tooLarge(letter, bytes, largestRequest, ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        }
        if (bytes > largestMessage && packed(record) > largestMessage) {
            throw tooLarge(
                    letter, packed(record), largestMessage, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        }
        return record;
    }

    /** The size that counts for the topic: packed, as it is sent. */
    private int packed(ProducerRecord<byte[], byte[]> record) {
        return MemoryRecords.withRecords(
                        Compression.of(compression).build(),
                        new SimpleRecord(record.key(), record.value()))
                .sizeInBytes();
    }

    private SuppressRestartsException tooLarge(
            DeadLetter letter, int bytes, int most, String setting) {
        return ended(
                "the dead letter of %s[%d]@%d has %d bytes, and the topic %s is written with up to %d: raise %s to more than that, and start the job from its last checkpoint"
                        .formatted(
                                letter.origin(),
                                letter.partition(),
                                letter.position(),
                                bytes,
                                output.topic(),
                                most,
                                setting));
    }

    /** No restart would mend it. */
    private static SuppressRestartsException ended(String reason) {
        return new SuppressRestartsException(new InvalidInputException(reason));
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return serializer.getKafkaDatasetFacet();
    }
}
