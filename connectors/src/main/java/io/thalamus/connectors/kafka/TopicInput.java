/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * The topics that frames are read from.
 *
 * @param bootstrapServers the brokers, as {@code host:port,...}
 * @param topics the topics; at least one
 * @param groupId the consumer group. A job that starts without a savepoint goes on where the group
 *     last was, and for a new group where {@code auto.offset.reset} says: at the earliest record
 *     unless the properties say otherwise
 * @param format how the records hold frames
 * @param bounded whether to end at what the topics hold when the job starts, rather than wait for
 *     more
 * @param properties further client and source properties, under Kafka's and Flink's own names;
 *     values may name secrets, as {@code ${env:NAME}}, {@code ${file:/path:key}} or {@code
 *     ${directory:/path:name}}
 */
public record TopicInput(
        String bootstrapServers,
        List<String> topics,
        String groupId,
        FrameFormat format,
        boolean bounded,
        Map<String, String> properties)
        implements Serializable {

    public TopicInput {
        Required.text("bootstrap servers", bootstrapServers);
        Required.text("consumer group", groupId);
        topics = List.copyOf(topics);
        properties = Map.copyOf(properties);
        if (topics.isEmpty()) {
            throw new InvalidInputException("a Kafka source needs at least one topic");
        }
        topics.forEach(topic -> Required.text("topic", topic));
    }
}
