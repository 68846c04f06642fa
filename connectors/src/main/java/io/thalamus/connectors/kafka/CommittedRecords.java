/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How the topics are opened that are read without Flink: committed records only, without a group,
 * so that nothing is kept anywhere as read, and no topic is made by asking for it.
 */
final class CommittedRecords {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private CommittedRecords() {}

    /**
     * @param properties further client properties, as those of {@link TopicInput}
     */
    static KafkaConsumer<byte[], byte[]> open(
            String bootstrapServers, Map<String, String> properties) {
        Properties all = Secrets.understoodIn(properties);
        all.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.putIfAbsent(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, String.valueOf(PATIENCE.toMillis()));
        all.setProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * @throws InvalidInputException if the topic is not there
     */
    static List<TopicPartition> partitions(
            KafkaConsumer<?, ?> consumer, String topic, String bootstrapServers) {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
            throw new InvalidInputException(
                    "there is no topic '%s' at '%s': name one that is there"
                            .formatted(topic, bootstrapServers));
        }
        return found.stream().map(one -> new TopicPartition(topic, one.partition())).toList();
    }

    /** What a client complains of: the deepest cause says most. */
    static String told(Throwable failure) {
        return failure.getCause() == null ? failure.getMessage() : told(failure.getCause());
    }
}
