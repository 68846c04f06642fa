/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import java.io.Serializable;
import java.util.Map;
import org.apache.flink.connector.base.DeliveryGuarantee;

/**
 * A topic that records are written to, made by {@link #exactlyOnce} or {@link #atLeastOnce}.
 *
 * @param bootstrapServers the brokers, as {@code host:port,...}
 * @param topic the topic
 * @param guarantee whether a record can appear twice after a failure
 * @param transactionalIdPrefix the name of this sink's transactions; null if it has none
 * @param registry where the schemas are registered, for Confluent's wire format; null for Avro's
 *     single-object encoding
 * @param properties further producer properties, under Kafka's own names; values may name secrets,
 *     as those of {@link TopicInput}
 */
public record TopicOutput(
        String bootstrapServers,
        String topic,
        DeliveryGuarantee guarantee,
        String transactionalIdPrefix,
        RegistryAccess registry,
        Map<String, String> properties)
        implements Serializable {

    public TopicOutput {
        Required.text("bootstrap servers", bootstrapServers);
        Required.text("topic", topic);
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            Required.text("transactional id prefix", transactionalIdPrefix);
        }
        properties = Map.copyOf(properties);
    }

    /**
     * Every record appears once, when the checkpoint that covers it is complete, to consumers that
     * read with {@code isolation.level=read_committed}.
     *
     * @param transactionalIdPrefix the same at every start of the job, so that what a killed run
     *     left open is ended, and no other sink's in the Kafka cluster
     */
    public static TopicOutput exactlyOnce(
            String bootstrapServers,
            String topic,
            String transactionalIdPrefix,
            Map<String, String> properties) {
        return new TopicOutput(
                bootstrapServers,
                topic,
                DeliveryGuarantee.EXACTLY_ONCE,
                transactionalIdPrefix,
                null,
                properties);
    }

    /** Every record appears at once, and may appear again after a failure. */
    public static TopicOutput atLeastOnce(
            String bootstrapServers, String topic, Map<String, String> properties) {
        return new TopicOutput(
                bootstrapServers, topic, DeliveryGuarantee.AT_LEAST_ONCE, null, null, properties);
    }

    /** The same in Confluent's wire format. */
    public TopicOutput withRegistry(RegistryAccess other) {
        return new TopicOutput(
                bootstrapServers, topic, guarantee, transactionalIdPrefix, other, properties);
    }
}
