/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.WireRecord;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Writes records of any type to a Kafka topic, under their stream's id as the key, so that those of
 * one stream stay in their order. Dead letters of a topic go by {@link #ofDeadLetters}.
 *
 * <p>The Kafka timestamp is the time of writing, not the event time, which the record itself holds:
 * brokers refuse times that lie an hour ahead, as a forecast's may, and delete what is older than
 * the topic's retention, as a replayed recording is.
 */
public final class RecordSink {
    /**
     * How long a transaction may stay open: longer than a checkpoint interval and the longest
     * outage together, for after it the broker drops what was written; and shorter than the 15
     * minutes that a broker allows by default.
     */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(14);

    /**
     * Far above any frame that is let in, for a dead letter holds a record that is larger: the
     * topic's own limit is the one that counts.
     */
    static final int MAX_REQUEST_BYTES = 4 * FrameDeserializer.MAX_FRAME_BYTES;

    private RecordSink() {}

    /** The sink; the properties of {@code output} go before what is set here. */
    public static <T extends WireRecord> Sink<T> of(TopicOutput output) {
        return sink(output, RecordSink.<T>serializer(output));
    }

    /**
     * A sink of what is refused of topics. A dead letter holds its record whole, so its topic has
     * to take larger messages than theirs: a job whose topic does not is ended when it starts, for
     * good, and so is one that comes upon a letter which does not fit all the same.
     *
     * @param from where the records come from
     */
    public static Sink<DeadLetter> ofDeadLetters(TopicInput from, TopicOutput output) {
        return sink(output, new RoomyTopic(RecordSink.serializer(output), from, output));
    }

    private static <T extends WireRecord> ExistingTopic<T> serializer(TopicOutput output) {
        return new ExistingTopic<>(
                new RecordSerializer<>(output.topic(), output.registry()), output);
    }

    private static <T extends WireRecord> Sink<T> sink(
            TopicOutput output, KafkaRecordSerializationSchema<T> serializer) {
        KafkaSinkBuilder<T> sink =
                KafkaSink.<T>builder()
                        .setKafkaProducerConfig(properties(output))
                        .setBootstrapServers(output.bootstrapServers())
                        .setRecordSerializer(serializer)
                        .setDeliveryGuarantee(output.guarantee());
        boolean transactional = output.guarantee() == DeliveryGuarantee.EXACTLY_ONCE;
        if (transactional) {
            sink.setTransactionalIdPrefix(output.transactionalIdPrefix())
                    .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING);
        }
        return new TopicSink<>(sink.build(), transactional);
    }

    /** What the producers are given. */
    static Properties properties(TopicOutput output) {
        Properties properties = Secrets.understoodIn(output.properties());
        properties.putIfAbsent(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Long.toString(TRANSACTION_TIMEOUT.toMillis()));
        allowLargeRecords(properties);
        // Samples shrink little, but names and shapes that each record repeats do, and cheaply so.
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        return properties;
    }

    /** A producer refuses by itself what is larger than a request, or than all of its memory. */
    static void allowLargeRecords(Properties producer) {
        producer.putIfAbsent(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(MAX_REQUEST_BYTES));
        producer.putIfAbsent(
                ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(2 * MAX_REQUEST_BYTES));
    }
}
