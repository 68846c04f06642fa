/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed in the middle, and another that goes on from the last checkpoint, leave
 * behind what one uninterrupted run does: nothing lost, nothing twice, the same bits.
 */
class ForecastRestartITCase {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ENOUGH_CHECKPOINTS = 30;

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

    /** Starts a paced run in a process of its own, kills it, and gives its last checkpoint. */
    private static Path killInTheMiddle(String name, List<String> settings) throws Exception {
        Path checkpoints = folder.resolve(name + "-checkpoints");
        List<String> command = new ArrayList<>();
        command.add(Checkout.ROOT.resolve("thalamus").toString());
        command.add("run");
        command.add(Checkout.FORECAST.toString());
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        // 900 hours in 54 s, a frame of each stream every 0.4 s: the first windows come in 6 s, and
        // thirty checkpoints take 9 s at least.
        command.addAll(List.of("--set", "source.speed=60000", "--set", "source.frame=6"));
        flink("execution.checkpointing.interval", "300ms", command);
        flink("execution.checkpointing.dir", checkpoints.toUri().toString(), command);
        flink(
                "execution.checkpointing.externalized-checkpoint-retention",
                "RETAIN_ON_CANCELLATION",
                command);
        Path log = folder.resolve(name + ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (completed(checkpoints).filter(c -> number(c) >= ENOUGH_CHECKPOINTS).isEmpty()) {
                assertThat(process.isAlive() && System.nanoTime() < deadline)
                        .as(() -> "still running: " + read(log))
                        .isTrue();
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        } finally {
            process.destroyForcibly();
            process.onExit().join();
        }
        return completed(checkpoints).orElseThrow();
    }

    private static void flink(String key, String value, List<String> command) {
        command.addAll(List.of("--flink", key + "=" + value));
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

    /**
     * The newest checkpoint that was completed. While the job runs, checkpoints that are superseded
     * vanish at any moment, so that their folders are looked at by name and never walked.
     */
    private static Optional<Path> completed(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> jobs = Files.newDirectoryStream(checkpoints)) {
            for (Path job : jobs) {
                try (DirectoryStream<Path> taken = Files.newDirectoryStream(job, "chk-*")) {
                    return StreamSupport.stream(taken.spliterator(), false)
                            .filter(checkpoint -> Files.exists(checkpoint.resolve("_metadata")))
                            .max(Comparator.comparingInt(ForecastRestartITCase::number));
                }
            }
        }
        return Optional.empty();
    }

    private static int number(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
