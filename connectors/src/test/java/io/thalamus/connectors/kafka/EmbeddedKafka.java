/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kafka.server.BrokerServer;
import org.apache.flink.util.FileUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.test.JaasUtils;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Kafka broker in the test's own process, for a test class.
 *
 * <pre>{@code
 * @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();
 * }</pre>
 */
public final class EmbeddedKafka implements BeforeAllCallback, AfterAllCallback {
    public static final String USER = JaasUtils.KAFKA_PLAIN_ADMIN;
    public static final String PASSWORD = JaasUtils.KAFKA_PLAIN_ADMIN_PASSWORD;

    /** As large as {@link RecordSink} writes. */
    private static final String LARGEST = Integer.toString(RecordSink.MAX_REQUEST_BYTES);

    /**
     * What other topics take, so that dead letters of their records fit a topic that is as large.
     */
    private static final int LARGEST_RECORD = 48 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SecurityProtocol protocol;
    private final boolean makesTopics;

    private Certificates certificates;
    private KafkaClusterTestKit cluster;
    private Admin admin;
    private KafkaProducer<String, byte[]> producer;

    /** A broker for everyone. */
    public EmbeddedKafka() {
        this(SecurityProtocol.PLAINTEXT, false);
    }

    private EmbeddedKafka(SecurityProtocol protocol, boolean makesTopics) {
        this.protocol = protocol;
        this.makesTopics = makesTopics;
    }

    /** A broker that wants SASL, of the mechanism PLAIN, and knows {@link #USER}. */
    public static EmbeddedKafka withPasswords() {
        return new EmbeddedKafka(SecurityProtocol.SASL_PLAINTEXT, false);
    }

    /** A broker that is spoken to in TLS, and only by those who show a certificate. */
    public static EmbeddedKafka withCertificates() {
        return new EmbeddedKafka(SecurityProtocol.SSL, false);
    }

    /** A broker for everyone that makes each topic when it is first written. */
    public static EmbeddedKafka withTopicsMadeWhenWritten() {
        return new EmbeddedKafka(SecurityProtocol.PLAINTEXT, true);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        // The test kit knows no TLS: its listener is switched over.
        SecurityProtocol kits =
                protocol == SecurityProtocol.SSL ? SecurityProtocol.PLAINTEXT : protocol;
        KafkaClusterTestKit.Builder builder =
                new KafkaClusterTestKit.Builder(
                                new TestKitNodes.Builder()
                                        .setCombined(true)
                                        .setNumBrokerNodes(1)
                                        .setNumControllerNodes(1)
                                        .setBrokerSecurityProtocol(kits)
                                        .setControllerSecurityProtocol(kits)
                                        .build())
                        .setConfigProp("offsets.topic.replication.factor", "1")
                        .setConfigProp("offsets.topic.num.partitions", "1")
                        .setConfigProp("transaction.state.log.replication.factor", "1")
                        .setConfigProp("transaction.state.log.min.isr", "1")
                        .setConfigProp("transaction.state.log.num.partitions", "1")
                        .setConfigProp("group.initial.rebalance.delay.ms", "0")
                        .setConfigProp("auto.create.topics.enable", Boolean.toString(makesTopics))
                        .setConfigProp("authorizer.class.name", StandardAuthorizer.class.getName())
                        .setConfigProp("allow.everyone.if.no.acl.found", "true")
                        .setConfigProp("message.max.bytes", LARGEST)
                        .setConfigProp("replica.fetch.max.bytes", LARGEST);
        if (protocol == SecurityProtocol.SSL) {
            certificates = Certificates.in(Files.createTempDirectory("certificates"));
            builder.setConfigProp(
                            "listener.security.protocol.map", "EXTERNAL:SSL,CONTROLLER:PLAINTEXT")
                    .setConfigProp("ssl.client.auth", "required");
            certificates.ofServer().forEach(builder::setConfigProp);
        }
        cluster = builder.build();
        cluster.format();
        cluster.startup();
        cluster.waitForReadyBrokers();
        admin = Admin.create(client(Map.of()));
        producer =
                new KafkaProducer<>(
                        client(Map.of("max.request.size", LARGEST, "buffer.memory", LARGEST)),
                        new StringSerializer(),
                        new ByteArraySerializer());
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        producer.close();
        admin.close();
        cluster.close();
        if (certificates != null) {
            FileUtils.deleteDirectory(certificates.folder().toFile());
        }
    }

    /** Those of a broker that wants certificates. */
    public Certificates certificates() {
        return certificates;
    }

    public String bootstrapServers() {
        return cluster.bootstrapServers();
    }

    public void createTopic(String topic, int partitions) throws Exception {
        createTopic(topic, partitions, LARGEST_RECORD);
    }

    /** A topic that takes the dead letters of whatever another takes. */
    public void createDeadLetterTopic(String topic) throws Exception {
        createTopic(topic, 1, RecordSink.MAX_REQUEST_BYTES);
    }

    /**
     * @param largestMessage in bytes
     */
    public void createTopic(String topic, int partitions, int largestMessage) throws Exception {
        NewTopic created = new NewTopic(topic, Optional.of(partitions), Optional.of((short) 1));
        created.configs(Map.of("max.message.bytes", Integer.toString(largestMessage)));
        admin.createTopics(List.of(created)).all().get();
        // The controller has it then; whoever asks the broker has to wait until that has, too.
        BrokerServer broker = cluster.brokers().values().iterator().next();
        while (!broker.metadataCache().contains(topic)) {
            Thread.onSpinWait();
        }
    }

    /** Lets nobody see a topic's settings. */
    public void hideSettings(String topic) throws Exception {
        ResourcePattern pattern =
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        admin.createAcls(
                        List.of(
                                everyone(pattern, AclOperation.ALL, AclPermissionType.ALLOW),
                                everyone(
                                        pattern,
                                        AclOperation.DESCRIBE_CONFIGS,
                                        AclPermissionType.DENY)))
                .all()
                .get();
    }

    private static AclBinding everyone(
            ResourcePattern pattern, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                pattern, new AccessControlEntry("User:*", "*", operation, permission));
    }

    /** Stops the broker, whatever it is at, and starts it again. */
    public void restart() {
        BrokerServer broker = cluster.brokers().values().iterator().next();
        broker.shutdown();
        broker.awaitShutdown();
        broker.startup();
    }

    /** Ends all transactions that are open, as whoever takes over their names does. */
    public void takeOverTransactions() throws Exception {
        List<String> names =
                admin.listTransactions().all().get().stream()
                        .map(TransactionListing::transactionalId)
                        .toList();
        admin.fenceProducers(names).all().get();
    }

    /** Appends a record and waits until the broker has it. */
    public void send(String topic, String key, byte[] value) throws Exception {
        send(new ProducerRecord<>(topic, key, value));
    }

    /** Appends a record and waits until the broker has it. */
    public void send(ProducerRecord<String, byte[]> record) throws Exception {
        producer.send(record).get();
    }

    private Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", bootstrapServers());
        if (protocol == SecurityProtocol.SASL_PLAINTEXT) {
            properties.putAll(login(PASSWORD));
        }
        if (protocol == SecurityProtocol.SSL) {
            properties.put("security.protocol", SecurityProtocol.SSL.name);
            properties.putAll(certificates.ofClient(Certificates.PASSWORD));
        }
        return properties;
    }

    /** What a client of a broker with passwords must be given. */
    public static Map<String, String> login(String password) {
        return Map.of(
                "security.protocol",
                SecurityProtocol.SASL_PLAINTEXT.name,
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "%s required username=\"%s\" password=\"%s\";"
                        .formatted(PlainLoginModule.class.getName(), USER, password));
    }

    /** What a consumer of committed records finds in a topic, partition by partition. */
    public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        Transactions.awaitMarkers(admin);
        return read(topic, "read_committed");
    }

    /** All that was written to a topic, by aborted and open transactions too. */
    public List<ConsumerRecord<byte[], byte[]>> written(String topic) {
        return read(topic, "read_uncommitted");
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic, String isolation) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        client(Map.of("isolation.level", isolation)),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (int partition = 0; partition < consumer.partitionsFor(topic).size(); partition++) {
                TopicPartition part = new TopicPartition(topic, partition);
                consumer.assign(List.of(part));
                consumer.seekToBeginning(List.of(part));
                long end = consumer.endOffsets(List.of(part)).get(part);
                while (consumer.position(part) < end) {
                    consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
                    if (System.nanoTime() > deadline) {
                        throw new AssertionError(
                                "only read "
                                        + consumer.position(part)
                                        + " of "
                                        + end
                                        + " of "
                                        + part);
                    }
                }
            }
        }
        return records;
    }
}
