/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.WireFormat;
import io.thalamus.schemas.WireFormatException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic of dead letters, for those who look after it. Nothing is ever removed from it. */
public final class DeadLetterTopic {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final String PATIENCE_MILLIS = "20000";

    private final String bootstrapServers;
    private final String topic;
    private final Map<String, String> properties;

    /**
     * @param properties further client properties, as those of {@link TopicInput}
     */
    public DeadLetterTopic(String bootstrapServers, String topic, Map<String, String> properties) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.properties = Map.copyOf(properties);
    }

    /**
     * Reads the dead letters that the topic holds now, one partition after the other.
     *
     * @param reader is given one letter after the other
     * @return how many other records were passed over
     * @throws InvalidInputException if the topic cannot be read, or holds other records only
     */
    public long read(Reader reader) throws IOException, InterruptedException {
        Counts counts = new Counts();
        try (KafkaConsumer<byte[], byte[]> consumer =
                CommittedRecords.open(bootstrapServers, properties)) {
            List<TopicPartition> partitions =
                    CommittedRecords.partitions(consumer, topic, bootstrapServers);
            for (TopicPartition partition : partitions) {
                if (!read(consumer, partition, reader, counts)) {
                    break;
                }
            }
        } catch (KafkaException e) {
            throw new InvalidInputException(
                    "topic %s at %s cannot be read: %s"
                            .formatted(topic, bootstrapServers, CommittedRecords.told(e)),
                    e);
        }
        if (counts.letters == 0 && counts.others > 0) {
            throw new InvalidInputException(
                    "topic %s holds no dead letters, but %d other records; name a topic of dead letters"
                            .formatted(topic, counts.others));
        }
        return counts.others;
    }

    private boolean read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            Reader reader,
            Counts counts)
            throws IOException, InterruptedException {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() >= end) {
                    return true;
                }
                DeadLetter letter;
                try {
                    letter = WireFormat.decode(record.value(), DeadLetter.class);
                } catch (WireFormatException e) {
                    counts.others++;
                    continue;
                }
                counts.letters++;
                if (!reader.wantsMoreThan(letter)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What was read so far. */
    private static final class Counts {
        private long letters;
        private long others;
    }

    /** Opens a way to put refused records back. */
    public Reinjection reinjection() {
        Properties client = Secrets.understoodIn(properties);
        client.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        RecordSink.allowLargeRecords(client);
        client.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
        try {
            return new Reinjection(client);
        } catch (KafkaException e) {
            throw new InvalidInputException(
                    "%s cannot be written to: %s"
                            .formatted(bootstrapServers, CommittedRecords.told(e)),
                    e);
        }
    }

    /** Takes what is read. */
    @FunctionalInterface
    public interface Reader {
        /** Takes a letter, and says whether it wants another. */
        boolean wantsMoreThan(DeadLetter letter) throws IOException, InterruptedException;
    }

    /**
     * Puts refused records back on a topic, with the key, headers, bytes and time that they had.
     */
    public static final class Reinjection implements AutoCloseable {
        private final KafkaProducer<byte[], byte[]> producer;

        private Reinjection(Properties client) {
            producer =
                    new KafkaProducer<>(
                            client, new ByteArraySerializer(), new ByteArraySerializer());
        }

        /**
         * The topic that a letter's record was read from; empty if it is no record that the source
         * refused, but a frame that a later step did.
         */
        public static Optional<String> origin(DeadLetter letter) {
            return letter.stage().equals(DeadLetters.STAGE)
                    ? Optional.of(letter.origin())
                    : Optional.empty();
        }

        /**
         * Writes a letter's record, and waits until the broker has it.
         *
         * @throws InvalidInputException if the broker does not take it
         */
        public void send(DeadLetter letter, String topic) throws InterruptedException {
            try {
                producer.send(DeadLetters.record(letter, topic)).get();
            } catch (ExecutionException | KafkaException e) {
                throw new InvalidInputException(
                        "topic %s does not take the record: %s"
                                .formatted(topic, CommittedRecords.told(e)),
                        e);
            }
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
