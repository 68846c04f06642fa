/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks for the topic when the sink opens. A producer would look at its first record only, which
 * for dead letters may be months later, wait for a minute, and fail without a word on what to do.
 */
final class ExistingTopic<T extends WireRecord>
        implements KafkaRecordSerializationSchema<T>, KafkaDatasetFacetProvider {
    private static final long serialVersionUID = 1L;
    private static final String MAKES_TOPICS = "auto.create.topics.enable";

    private final RecordSerializer<T> serializer;
    private final String topic;
    private final String brokers;
    private final Properties client;

    ExistingTopic(RecordSerializer<T> serializer, TopicOutput output) {
        this.serializer = serializer;
        topic = output.topic();
        brokers = output.bootstrapServers();
        client = Secrets.understoodIn(ConnectionSettings.among(output.properties()));
        client.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
    }

    /**
     * @throws InvalidInputException if there is no such topic, nor will there be when it is written
     * @throws IOException if the brokers cannot be asked
     */
    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sink)
            throws IOException, InterruptedException {
        serializer.open(context, sink);
        try (Admin admin = Admin.create(client)) {
            if (!exists(admin) && !makesTopics(admin)) {
                throw new InvalidInputException(
                        "the topic %s, which is to be written, is not there, and the brokers at %s do not make topics by themselves (%s): create it, or name another"
                                .formatted(topic, brokers, MAKES_TOPICS));
            }
        } catch (ExecutionException e) {
            throw new IOException(
                    "the topic %s, which is to be written, cannot be looked for at %s: %s"
                            .formatted(topic, brokers, e.getCause().getMessage()),
                    e.getCause());
        }
    }

    private boolean exists(Admin admin) throws ExecutionException, InterruptedException {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    /** Whether writing makes the topic; true as well if the brokers do not say, or not to us. */
    private static boolean makesTopics(Admin admin)
            throws ExecutionException, InterruptedException {
        try {
            Node broker = admin.describeCluster().nodes().get().iterator().next();
            ConfigResource settings =
                    new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
            ConfigEntry entry =
                    admin.describeConfigs(List.of(settings))
                            .values()
                            .get(settings)
                            .get()
                            .get(MAKES_TOPICS);
            return entry == null || Boolean.parseBoolean(entry.value());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return true;
            }
            throw e;
        }
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            T record, KafkaSinkContext context, Long timestamp) {
        return serializer.serialize(record, context, timestamp);
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return serializer.getKafkaDatasetFacet();
    }
}
