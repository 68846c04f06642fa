/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Schemas;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import io.thalamus.schemas.WireFormatException;
import io.thalamus.schemas.WireFormatException.Fault;
import io.thalamus.schemas.WireRecord;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The committed frames and annotations of Kafka topics from their start on, read without Flink and
 * without a consumer group: what is read here is not kept anywhere as read. What is neither is a
 * dead letter, and so is what {@link FrameSource} refuses for its size. Those of one partition come
 * in its order.
 */
public final class TopicReader implements Closeable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;
    private final Decoding decoding;

    private TopicReader(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            Decoding decoding) {
        this.consumer = consumer;
        this.ends = ends;
        this.decoding = decoding;
    }

    /**
     * @param bootstrapServers the brokers, as {@code host:port,...}
     * @param topic the topic of frames; one in Avro may hold annotations too
     * @param annotations a topic of annotations; in Avro's single-object encoding, unless the
     *     frames are in Confluent's wire format
     * @param format how the records of the topic hold frames. Samples without numbers are counted
     *     from the topic's start
     * @param properties further client properties, as those of {@link TopicInput}
     * @throws InvalidInputException if the brokers do not answer, or a topic is not there
     */
    public static TopicReader open(
            String bootstrapServers,
            String topic,
            Optional<String> annotations,
            FrameFormat format,
            Map<String, String> properties) {
        Decoding decoding = decoding(topic, format);
        KafkaConsumer<byte[], byte[]> consumer = null;
        try {
            consumer = CommittedRecords.open(bootstrapServers, properties);
            List<TopicPartition> partitions =
                    new ArrayList<>(CommittedRecords.partitions(consumer, topic, bootstrapServers));
            if (annotations.isPresent()) {
                partitions.addAll(
                        CommittedRecords.partitions(consumer, annotations.get(), bootstrapServers));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return new TopicReader(consumer, consumer.endOffsets(partitions), decoding);
        } catch (KafkaException | InvalidInputException e) {
            if (consumer != null) {
                consumer.close();
            }
            throw e instanceof InvalidInputException
                    ? e
                    : new InvalidInputException(
                            "the brokers at '%s' cannot be read from: %s"
                                    .formatted(bootstrapServers, CommittedRecords.told(e)),
                            e);
        }
    }

    /**
     * What comes next, or nothing if nothing does within this time.
     *
     * @throws IOException if the registry cannot be asked
     */
    public List<Received> poll(Duration patience) throws IOException {
        List<Received> received = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
            received.add(received(record));
        }
        return received;
    }

    /** Whether all has been given that the topics held when they were opened. */
    public boolean isAtEnd() {
        return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private Received received(ConsumerRecord<byte[], byte[]> record) throws IOException {
        try {
            FrameDeserializer.requireBytes(record.value());
            WireRecord decoded = decoding.decode(record);
            if (decoded instanceof SignalFrame frame) {
                FrameDeserializer.requireValues(frame);
                return Received.frame(frame);
            }
            if (decoded instanceof Annotation annotation) {
                return Received.annotation(annotation);
            }
            throw new WireFormatException(
                    Fault.WRONG_TYPE,
                    "the record is of type "
                            + decoded.getClass().getSimpleName()
                            + " and no SignalFrame or Annotation");
        } catch (WireFormatException e) {
            return Received.refused(DeadLetters.of(record, e));
        }
    }

    private static Decoding decoding(String topic, FrameFormat format) {
        Decoding avro = record -> WireFormat.decode(record.value());
        if (format instanceof AvroFrames) {
            return avro;
        }
        if (format instanceof ConfluentFrames confluent) {
            RegistryReader<WireRecord> reader =
                    new RegistryReader<>(confluent.registry(), TopicReader::type);
            return record -> reader.read(record.value());
        }
        FrameReader raw = format.open();
        Map<String, Long> counts = new HashMap<>();
        return record -> {
            if (!record.topic().equals(topic)) {
                return avro.decode(record);
            }
            SignalFrame frame = raw.read(record);
            return format.isNumbered() ? frame : counted(frame, counts);
        };
    }

    /** As {@link SampleCounter} counts. */
    private static SignalFrame counted(SignalFrame frame, Map<String, Long> counts)
            throws WireFormatException {
        // Before it is counted: what is refused is no part of the stream.
        FrameDeserializer.requireValues(frame);
        SignalFrame numbered = frame.withSequence(counts.getOrDefault(frame.streamId(), 0L));
        counts.put(frame.streamId(), numbered.nextSequence());
        return numbered;
    }

    private static Class<? extends WireRecord> type(Schema written) {
        String annotation = Schemas.current(Annotation.class).getFullName();
        return written.getFullName().equals(annotation) ? Annotation.class : SignalFrame.class;
    }

    /** How the records hold what is read. */
    @FunctionalInterface
    private interface Decoding {
        WireRecord decode(ConsumerRecord<byte[], byte[]> record) throws IOException;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
