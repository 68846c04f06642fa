/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import io.thalamus.connectors.Await;
import io.thalamus.connectors.kafka.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The topics of a broker, as the tests write and read them. */
final class KafkaTopics implements AutoCloseable {
    private static final int LARGEST_RECORD = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String bootstrap;
    private final int partitions;
    private final Admin admin;
    private final KafkaProducer<String, byte[]> producer;

    /**
     * @param partitions of each topic that is made
     */
    KafkaTopics(String bootstrap, int partitions) {
        this.bootstrap = bootstrap;
        this.partitions = partitions;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap),
                        new StringSerializer(),
                        new ByteArraySerializer());
    }

    void createTopic(String topic) throws Exception {
        createTopic(topic, LARGEST_RECORD);
    }

    /** A topic that takes the dead letters of whatever another takes. */
    void createDeadLetterTopic(String topic) throws Exception {
        createTopic(topic, 2 * LARGEST_RECORD);
    }

    private void createTopic(String topic, int largestMessage) throws Exception {
        NewTopic created = new NewTopic(topic, Optional.of(partitions), Optional.of((short) 1));
        created.configs(Map.of("max.message.bytes", Integer.toString(largestMessage)));
        admin.createTopics(List.of(created)).all().get();
    }

    /** Appends records; {@link #flush} waits until the broker has them. */
    void send(String topic, String key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, key, value));
    }

    void flush() {
        producer.flush();
    }

    /** Whether a group has taken all of a topic, as far as it has told at checkpoints. */
    boolean hasTaken(String group, String topic) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> taken =
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        return ends(topic, IsolationLevel.READ_UNCOMMITTED).entrySet().stream()
                .allMatch(
                        end ->
                                end.getValue() == 0
                                        || taken.containsKey(end.getKey())
                                                && taken.get(end.getKey()).offset()
                                                        == end.getValue());
    }

    /** Whether a transaction is open that has written to a topic. */
    boolean hasOpenTransaction(String topic) throws Exception {
        return !ends(topic, IsolationLevel.READ_UNCOMMITTED)
                .equals(ends(topic, IsolationLevel.READ_COMMITTED));
    }

    /** Records in a topic, those of a transaction that is open or was aborted too. */
    long size(String topic) throws Exception {
        return ends(topic, IsolationLevel.READ_UNCOMMITTED).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private Map<TopicPartition, Long> ends(String topic, IsolationLevel isolation)
            throws Exception {
        Map<TopicPartition, OffsetSpec> latest =
                partitions(topic).stream()
                        .collect(Collectors.toMap(part -> part, part -> OffsetSpec.latest()));
        return admin
                .listOffsets(latest, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    }

    private List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /** What a consumer of committed records finds in a topic, partition by partition. */
    List<ConsumerRecord<byte[], byte[]>> committed(String topic) throws Exception {
        Transactions.awaitMarkers(admin);
        Map<TopicPartition, Long> ends = ends(topic, IsolationLevel.READ_COMMITTED);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            for (TopicPartition part : partitions(topic)) {
                consumer.assign(List.of(part));
                consumer.seekToBeginning(List.of(part));
                Await.until(
                        part + " is read",
                        PATIENCE,
                        () -> {
                            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                            return consumer.position(part) >= ends.get(part);
                        });
            }
        }
        return records;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }
}
