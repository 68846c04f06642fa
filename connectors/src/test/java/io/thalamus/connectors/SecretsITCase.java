/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.kafka.AvroFrames;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.connectors.kafka.FrameSource;
import io.thalamus.connectors.kafka.RecordSink;
import io.thalamus.connectors.kafka.TopicInput;
import io.thalamus.connectors.kafka.TopicOutput;
import io.thalamus.connectors.kafka.TopicReader;
import io.thalamus.schemas.Examples;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.InstantiationUtil;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A job logs in with a password that only the clients know, from when they are opened. */
class SecretsITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = EmbeddedKafka.withPasswords();
    @RegisterExtension static final MiniClusterExtension FLINK = new MiniClusterExtension();

    @TempDir Path folder;

    @BeforeEach
    void writeSecret() throws Exception {
        Files.writeString(
                folder.resolve("secrets.properties"),
                "kafka-password=" + EmbeddedKafka.PASSWORD + "\n");
    }

    @Test
    void isInNeitherTheJobNorTheLogs() throws Exception {
        KAFKA.createTopic("secret-in", 1);
        KAFKA.createTopic("secret-out", 1);
        KAFKA.send("secret-in", "a", WireFormat.encode(Examples.FRAME));
        StreamExecutionEnvironment job = job(login("kafka-password"));
        byte[] graph = InstantiationUtil.serializeObject(job.getStreamGraph(false).getJobGraph());
        assertThat(new String(graph, StandardCharsets.ISO_8859_1))
                .contains("kafka-password")
                .doesNotContain(EmbeddedKafka.PASSWORD);

        Log log = Log.begin();
        try {
            job.execute();
        } finally {
            log.end();
        }

        assertThat(KAFKA.committed("secret-out")).hasSize(1);
        assertThat(log.lines).anyMatch(line -> line.contains("sasl.jaas.config = [hidden]"));
        assertThat(log.lines).noneMatch(line -> line.contains(EmbeddedKafka.PASSWORD));
    }

    @Test
    void aSecretThatIsNotThereFailsTheJobInWords() {
        assertThatThrownBy(() -> job(login("other-password")).execute())
                .satisfies(
                        failure ->
                                assertThat(ExceptionUtils.stringifyException(failure))
                                        .contains(
                                                "secrets.properties has no other-password, which a"
                                                        + " property names as its secret"));
    }

    @Test
    void aReaderWithoutAJobLogsInWithItToo() throws Exception {
        KAFKA.createTopic("secret-read", 1);
        KAFKA.send("secret-read", "a", WireFormat.encode(Examples.FRAME));

        List<Received> read = new ArrayList<>();
        try (TopicReader reader = read(login("kafka-password"))) {
            while (!reader.isAtEnd()) {
                read.addAll(reader.poll(Duration.ofSeconds(1)));
            }
        }

        assertThat(read).containsExactly(Received.frame(Examples.FRAME));
        assertThatThrownBy(() -> read(login("other-password")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("secrets.properties has no other-password");
    }

    private static TopicReader read(Map<String, String> properties) {
        return TopicReader.open(
                KAFKA.bootstrapServers(),
                "secret-read",
                Optional.empty(),
                new AvroFrames(),
                properties);
    }

    private Map<String, String> login(String key) {
        Map<String, String> login = new HashMap<>(EmbeddedKafka.login("PASSWORD"));
        login.computeIfPresent(
                "sasl.jaas.config",
                (name, text) ->
                        text.replace(
                                "\"PASSWORD\"",
                                "\"${file:%s/secrets.properties:%s}\"".formatted(folder, key)));
        return login;
    }

    private static StreamExecutionEnvironment job(Map<String, String> properties) {
        StreamExecutionEnvironment environment = Jobs.unchecked();
        environment
                .fromSource(
                        FrameSource.of(
                                new TopicInput(
                                        KAFKA.bootstrapServers(),
                                        List.of("secret-in"),
                                        "test",
                                        new AvroFrames(),
                                        true,
                                        properties)),
                        FrameSource.watermarks(Duration.ofSeconds(1), Duration.ofSeconds(10)),
                        "secret-in")
                .uid("source")
                .map(Received::frame)
                .returns(SignalFrame.class)
                .uid("frames")
                .sinkTo(
                        RecordSink.of(
                                TopicOutput.exactlyOnce(
                                        KAFKA.bootstrapServers(),
                                        "secret-out",
                                        "secret",
                                        properties)))
                .uid("sink");
        return environment;
    }

    /** All that is logged at the level INFO or above. */
    private static final class Log extends AbstractAppender {
        private final List<String> lines = new ArrayList<>();
        private final Level before = LogManager.getRootLogger().getLevel();

        private Log() {
            super("log", null, null, true, Property.EMPTY_ARRAY);
        }

        static Log begin() {
            Log log = new Log();
            log.start();
            LoggerContext.getContext(false)
                    .getConfiguration()
                    .getRootLogger()
                    .addAppender(log, null, null);
            Configurator.setRootLevel(Level.INFO);
            return log;
        }

        void end() {
            Configurator.setRootLevel(before);
            LoggerContext.getContext(false)
                    .getConfiguration()
                    .getRootLogger()
                    .removeAppender("log");
            stop();
        }

        @Override
        public synchronized void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage());
        }
    }
}
