/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Ingest;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.connectors.kafka.RecordSink;
import io.thalamus.connectors.kafka.TopicOutput;
import io.thalamus.connectors.recording.CsvFormat;
import io.thalamus.connectors.recording.CsvOptions;
import io.thalamus.connectors.recording.RecordedSource;
import io.thalamus.schemas.SignalFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From topic to topic the pipeline gives the very bytes that it gives from a file. */
class ForecastKafkaITCase {
    private static final Map<String, String> CHECKPOINTS =
            Map.of("execution.checkpointing.interval", "500ms");

    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    @TempDir static Path folder;
    private static Path recordings;
    private static Map<String, List<String>> expected;

    @BeforeAll
    static void runFromFiles() throws Exception {
        recordings = ForecastRuns.recordings(folder.resolve("recordings"), 3, 700);
        KAFKA.createTopic("expected", 1);
        ForecastRuns.run(1, CHECKPOINTS, intoTopic("expected", "source.path=" + recordings));
        expected = byStream("expected");
        assertThat(expected).hasSize(3);
        assertThat(expected.values()).allSatisfy(list -> assertThat(list).hasSizeGreaterThan(20));
    }

    @Test
    void givesTheBytesOfTheFileRunFromATopic() throws Exception {
        KAFKA.createTopic("frames", 2);
        KAFKA.createTopic("forecasts", 2);
        publish("frames", 24);
        ForecastRuns.run(2, CHECKPOINTS, fromTopic("frames", "forecasts"));
        assertThat(byStream("forecasts")).isEqualTo(expected);
    }

    @Test
    void keepsWhatIsNoFrameAndGoesOn() throws Exception {
        KAFKA.createTopic("poisoned", 1);
        KAFKA.createTopic("from-poisoned", 1);
        KAFKA.createDeadLetterTopic("refused");
        KAFKA.send("poisoned", "x", "no frame".getBytes(StandardCharsets.UTF_8));
        publish("poisoned", 50);
        List<String> settings = fromTopic("poisoned", "from-poisoned");
        settings.remove("dead-letters.path=" + folder.resolve("dead-letters"));
        settings.addAll(
                List.of(
                        "dead-letters.type=kafka",
                        "dead-letters.path=",
                        "dead-letters.bootstrap=" + KAFKA.bootstrapServers(),
                        "dead-letters.topic=refused",
                        "dead-letters.guarantee=at-least-once"));
        ForecastRuns.run(1, CHECKPOINTS, settings);
        assertThat(byStream("from-poisoned")).isEqualTo(expected);
        assertThat(KAFKA.committed("refused"))
                .singleElement()
                .satisfies(
                        record ->
                                assertThat(new String(record.value(), StandardCharsets.ISO_8859_1))
                                        .contains("no frame"));
    }

    private static void publish(String topic, int frame) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        1, Configuration.fromMap(CHECKPOINTS));
        RecordedSource source =
                RecordedSource.of(
                        recordings.toString(),
                        new CsvFormat(CsvOptions.defaults().withFrameLength(frame)));
        Ingest.frames(
                        environment
                                .fromSource(
                                        source,
                                        WatermarkStrategy.forMonotonousTimestamps(),
                                        "recording")
                                .uid("recording"))
                .uid("ingest")
                .sinkTo(
                        RecordSink.<SignalFrame>of(
                                TopicOutput.exactlyOnce(
                                        KAFKA.bootstrapServers(), topic, topic, Map.of())))
                .uid("topic");
        environment.execute("publish");
    }

    private static List<String> fromTopic(String from, String to) {
        return intoTopic(
                to,
                "source.type=kafka",
                "source.path=",
                "source.time-column=",
                "source.interval=",
                "source.bootstrap=" + KAFKA.bootstrapServers(),
                "source.topic=" + from,
                "source.group=" + to,
                "source.until=latest");
    }

    private static List<String> intoTopic(String topic, String... source) {
        List<String> settings = new ArrayList<>(List.of(source));
        settings.addAll(
                List.of(
                        "window.hop=12",
                        "sink.type=kafka",
                        "sink.path=",
                        "sink.bootstrap=" + KAFKA.bootstrapServers(),
                        "sink.topic=" + topic,
                        "sink.transactional-id-prefix=" + topic,
                        "dead-letters.path=" + folder.resolve("dead-letters")));
        return settings;
    }

    /** The records of a topic as a consumer of committed records finds them, by their key. */
    private static Map<String, List<String>> byStream(String topic) {
        Map<String, List<String>> streams = new TreeMap<>();
        KAFKA.committed(topic)
                .forEach(
                        record ->
                                streams.computeIfAbsent(
                                                new String(record.key(), StandardCharsets.UTF_8),
                                                key -> new ArrayList<>())
                                        .add(Base64.getEncoder().encodeToString(record.value())));
        return streams;
    }
}
