/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.kafka.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed in the middle, and another that goes on from the last checkpoint, leave
 * behind what one uninterrupted run does: nothing lost, nothing twice, the same bits.
 */
class ForecastRestartITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    @TempDir static Path folder;
    private static Path recordings;

    @BeforeAll
    static void record() throws Exception {
        recordings = ForecastRuns.recordings(folder.resolve("recordings"), 2, 900);
    }

    @Test
    void filesAreThoseOfAnUninterruptedRun() throws Exception {
        Path whole = folder.resolve("whole");
        ForecastRuns.run(1, ForecastRuns.fileToFile(recordings, whole, "window.hop=6"));
        List<String> expected = ForecastRuns.forecasts(whole);

        Path interrupted = folder.resolve("interrupted");
        List<String> settings = ForecastRuns.fileToFile(recordings, interrupted, "window.hop=6");
        Path checkpoint = killInTheMiddle("to-files", settings);
        assertThat(ForecastRuns.forecasts(interrupted)).hasSizeLessThan(expected.size());
        goOnFrom(checkpoint, settings);

        assertThat(ForecastRuns.forecasts(interrupted)).isEqualTo(expected);
    }

    @Test
    void topicsAreThoseOfAnUninterruptedRun() throws Exception {
        KAFKA.createTopic("whole", 1);
        ForecastRuns.run(
                1, Map.of("execution.checkpointing.interval", "500ms"), intoTopic("whole"));
        List<String> expected = committed("whole");

        KAFKA.createTopic("interrupted", 1);
        List<String> settings = intoTopic("interrupted");
        Path checkpoint = killInTheMiddle("to-topic", settings);
        goOnFrom(checkpoint, settings);

        assertThat(committed("interrupted")).isEqualTo(expected);
    }

    private static List<String> intoTopic(String topic) {
        return List.of(
                "source.path=" + recordings,
                "window.hop=6",
                "sink.type=kafka",
                "sink.path=",
                "sink.bootstrap=" + KAFKA.bootstrapServers(),
                "sink.topic=" + topic,
                "sink.transactional-id-prefix=" + topic,
                "dead-letters.path=" + folder.resolve("dead-letters-" + topic));
    }

    /** Keys and values of a topic; within a stream in the order in which they were written. */
    private static List<String> committed(String topic) {
        record Line(String key, String value) {}
        return KAFKA.committed(topic).stream()
                .map(
                        record ->
                                new Line(
                                        new String(record.key(), StandardCharsets.UTF_8),
                                        Base64.getEncoder().encodeToString(record.value())))
                .sorted(Comparator.comparing(Line::key)) // stable
                .map(Line::toString)
                .toList();
    }

    private static Path killInTheMiddle(String name, List<String> settings) throws Exception {
        List<String> paced = new ArrayList<>(settings);
        // 900 hours in 54 s, a frame of each stream every 0.4 s: the first windows come in 6 s, and
        // thirty checkpoints take 9 s at least.
        paced.addAll(List.of("source.speed=60000", "source.frame=6"));
        return KilledRun.checkpoint(
                Checkout.FORECAST, paced, folder.resolve(name), checkpoint -> checkpoint >= 30);
    }

    private static void goOnFrom(Path checkpoint, List<String> settings) throws Exception {
        ForecastRuns.run(
                1,
                Map.of(
                        "execution.state-recovery.path",
                        checkpoint.toUri().toString(),
                        "execution.checkpointing.interval",
                        "500ms"),
                settings);
    }
}
