/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/** A Kafka broker in a container, which keeps what it has when it is killed and started again. */
final class ContainerKafka implements AutoCloseable {
    /** Where the jobs reach it. */
    static final String BOOTSTRAP = "kafka:9092";

    private static final int PARTITIONS = 2;
    private static final int OUTSIDE = 9094;
    private static final int LARGEST_RECORD = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final FixedContainer container;
    private final Admin admin;
    private final KafkaProducer<String, byte[]> producer;

    private ContainerKafka(FixedContainer container, String bootstrap) {
        this.container = container;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap),
                        new StringSerializer(),
                        new ByteArraySerializer());
    }

    static ContainerKafka start(Network network) throws Exception {
        int port = FixedContainer.freePort();
        FixedContainer container = new FixedContainer(Images.KAFKA);
        container
                .withNetwork(network)
                .withNetworkAliases("kafka")
                .withEnv("CLUSTER_ID", "dGhhbGFtdXMtZTJlLXRlcw")
                .withEnv("KAFKA_NODE_ID", "1")
                .withEnv("KAFKA_PROCESS_ROLES", "broker,controller")
                .withEnv("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093")
                .withEnv("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
                .withEnv("KAFKA_INTER_BROKER_LISTENER_NAME", "INSIDE")
                .withEnv(
                        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                        "CONTROLLER:PLAINTEXT,INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT")
                .withEnv(
                        "KAFKA_LISTENERS",
                        "INSIDE://:9092,CONTROLLER://localhost:9093,OUTSIDE://:" + OUTSIDE)
                .withEnv(
                        "KAFKA_ADVERTISED_LISTENERS",
                        "INSIDE://" + BOOTSTRAP + ",OUTSIDE://localhost:" + port)
                .withEnv("KAFKA_LOG_DIRS", "/tmp/kafka")
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "1")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "1")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        container.bind(port, OUTSIDE).waitingFor(Wait.forLogMessage(".*Kafka startTimeMs.*", 1));
        container.start();
        return new ContainerKafka(container, "localhost:" + port);
    }

    FixedContainer container() {
        return container;
    }

    void createTopic(String topic) throws Exception {
        createTopic(topic, LARGEST_RECORD);
    }

    /** A topic that takes the dead letters of whatever another takes. */
    void createDeadLetterTopic(String topic) throws Exception {
        createTopic(topic, 2 * LARGEST_RECORD);
    }

    private void createTopic(String topic, int largestMessage) throws Exception {
        NewTopic created = new NewTopic(topic, Optional.of(PARTITIONS), Optional.of((short) 1));
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

    private static List<TopicPartition> partitions(String topic) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.add(new TopicPartition(topic, partition));
        }
        return partitions;
    }

    /** What a consumer of committed records finds in a topic, partition by partition. */
    List<ConsumerRecord<byte[], byte[]>> committed(String topic) throws Exception {
        Map<TopicPartition, Long> ends = ends(topic, IsolationLevel.READ_COMMITTED);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                "localhost:" + container.port(),
                                "isolation.level",
                                "read_committed"),
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
        container.close();
    }
}
