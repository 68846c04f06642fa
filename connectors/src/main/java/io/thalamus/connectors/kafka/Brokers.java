/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What brokers tell of their topics. */
final class Brokers implements AutoCloseable {
    /** The brokers' setting of whether writing makes a topic. */
    static final String MAKES_TOPICS = "auto.create.topics.enable";

    /** What holds for topics that set no limit of their own. */
    private static final String LARGEST_MESSAGE = "message.max.bytes";

    private final Admin admin;

    private Brokers(Admin admin) {
        this.admin = admin;
    }

    /**
     * @param properties of a consumer or producer of these brokers
     */
    static Brokers open(String bootstrapServers, Map<String, String> properties) {
        Properties client = Secrets.understoodIn(ConnectionSettings.among(properties));
        client.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return new Brokers(Admin.create(client));
    }

    /** Whether there is such a topic. */
    boolean have(String topic) throws ExecutionException, InterruptedException {
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

    /** Whether writing makes a topic; true as well if the brokers do not say, or not to us. */
    boolean makeTopics() throws ExecutionException, InterruptedException {
        String value = value(broker(), MAKES_TOPICS);
        return value == null || Boolean.parseBoolean(value);
    }

    /**
     * The largest message that a topic takes, in bytes as it is stored, or would if it were made
     * now; empty if the brokers do not say, or not to us.
     */
    OptionalInt largestMessage(String topic) throws ExecutionException, InterruptedException {
        String value =
                have(topic)
                        ? value(
                                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
                        : value(broker(), LARGEST_MESSAGE);
        return value == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(value));
    }

    private ConfigResource broker() throws ExecutionException, InterruptedException {
        Node broker = admin.describeCluster().nodes().get().iterator().next();
        return new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
    }

    private String value(ConfigResource of, String name)
            throws ExecutionException, InterruptedException {
        try {
            ConfigEntry entry = admin.describeConfigs(List.of(of)).values().get(of).get().get(name);
            return entry == null ? null : entry.value();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
