/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/** A Kafka broker in a container, which keeps what it has when it is killed and started again. */
final class ContainerKafka implements AutoCloseable {
    /** Where the jobs reach it. */
    static final String BOOTSTRAP = "kafka:9092";

    private static final int PARTITIONS = 2;
    private static final int OUTSIDE = 9094;

    private final FixedContainer container;
    private final KafkaTopics topics;

    private ContainerKafka(FixedContainer container, KafkaTopics topics) {
        this.container = container;
        this.topics = topics;
    }

    static ContainerKafka start(Network network) throws Exception {
        int port = FixedContainer.freePort();
        FixedContainer container = new FixedContainer(Images.KAFKA);
        container
                .withNetwork(network)
                .withNetworkAliases("kafka")
                .withEnv("JDK_JAVA_OPTIONS", Launcher.SHORT_LIVED)
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
        return new ContainerKafka(container, new KafkaTopics("localhost:" + port, PARTITIONS));
    }

    KafkaTopics topics() {
        return topics;
    }

    /** Kills the broker, and starts it again. */
    void killAndStartAgain() throws Exception {
        container.kill();
        container.startAgain();
    }

    @Override
    public void close() {
        topics.close();
        container.close();
    }
}
