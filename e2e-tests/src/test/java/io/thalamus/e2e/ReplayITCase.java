/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.Received;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.connectors.recording.DetectedFormat;
import io.thalamus.connectors.recording.EdfFile;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.RecordingReader;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Recordings as a user publishes them. */
class ReplayITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int INTERRUPTED = 130;

    @TempDir private Path folder;
    private Path recording;

    @BeforeEach
    void writeRecording() throws IOException {
        EdfFile edf = EdfFile.edf("EDF+D").signal("a", 40).signal("b", 7).annotations(60);
        for (int second = 0; second < 20; second++) {
            if (second != 5) {
                edf.record(
                        new int[40],
                        new int[] {second, 2, 3, 4, 5, 6, 7},
                        "+%d||_+%d.5|blink %d|_bad_".formatted(second, second, second));
            }
        }
        recording = Files.write(folder.resolve("night.edf"), edf.bytes());
    }

    @Test
    void publishesWhatIsRecordedAsItIs() throws Exception {
        KAFKA.createTopic("frames", 2);
        KAFKA.createTopic("remarks", 1);
        List<Received> recorded = recorded(16);

        Launcher.Outcome outcome =
                Launcher.thalamus(
                        folder,
                        "replay",
                        "night.edf",
                        "--to",
                        "frames",
                        "--bootstrap",
                        KAFKA.bootstrapServers(),
                        "--annotations",
                        "remarks",
                        "--frame",
                        "16",
                        "--speed",
                        "max",
                        "--property",
                        "compression.type=gzip",
                        "--json");

        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        assertThat(outcome.err()).isEmpty();
        List<SignalFrame> frames =
                recorded.stream().map(Received::frame).filter(Objects::nonNull).toList();
        List<SignalFrame> published = published("frames", SignalFrame.class);
        for (String stream : List.of("night/40Hz", "night/7Hz")) {
            assertThat(of(published, stream)).isNotEmpty().isEqualTo(of(frames, stream));
        }
        assertThat(published("remarks", Annotation.class))
                .hasSize(19)
                .isEqualTo(
                        recorded.stream()
                                .map(Received::annotation)
                                .filter(Objects::nonNull)
                                .toList());
        JsonNode summary = new ObjectMapper().readTree(outcome.out());
        assertThat(summary.path("recording").asText()).isEqualTo("night.edf");
        assertThat(summary.path("topic").asText()).isEqualTo("frames");
        assertThat(summary.path("frames").asInt()).isEqualTo(published.size());
        assertThat(summary.path("annotations").asInt()).isEqualTo(19);
        assertThat(summary.path("deadLetters").asInt()).isEqualTo(19);
        assertThat(summary.path("seconds").asDouble()).isPositive();
    }

    @Test
    void anEndlessReplayGoesOnUntilItIsInterrupted() throws Exception {
        KAFKA.createTopic("endless", 1);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(
                                Checkout.ROOT.resolve("thalamus").toString(),
                                "replay",
                                recording.toString(),
                                "--to",
                                "endless",
                                "--bootstrap",
                                KAFKA.bootstrapServers(),
                                "--speed",
                                "200",
                                "--loop")
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        try {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (KAFKA.written("endless").size() < 100) {
                assertThat(process.isAlive() && System.nanoTime() < deadline)
                        .as(() -> "still running, see " + err)
                        .isTrue();
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(process.exitValue()).isEqualTo(INTERRUPTED);
        List<SignalFrame> published = published("endless", SignalFrame.class);
        assertThat(Files.readString(out))
                .contains("frames        %,d in ".formatted(published.size()));
        List<SignalFrame> fast = of(published, "night/40Hz");
        // A lap is 20 s with a gap of one in it; in both, times and numbers go together.
        assertThat(fast.get(fast.size() - 1).sequence()).isGreaterThan(2 * 20 * 40);
        long start = fast.get(0).startNanos();
        long lost = 0;
        for (int i = 0; i < fast.size(); i++) {
            SignalFrame frame = fast.get(i);
            assertThat(frame.startNanos() - start)
                    .isEqualTo(frame.rate().nanosOf(frame.sequence()));
            lost += i == 0 ? 0 : frame.sequence() - fast.get(i - 1).nextSequence();
        }
        long laps = (fast.get(fast.size() - 1).sequence() + 20 * 40 - 5 * 40 - 1) / (20 * 40);
        assertThat(lost).isEqualTo(40 * laps);
    }

    private List<Received> recorded(int frameLength) throws IOException {
        List<Received> recorded = new ArrayList<>();
        DetectedFormat format =
                DetectedFormat.of(RecordingOptions.defaults().withFrameLength(frameLength));
        try (RecordingReader reader =
                format.open(
                        new org.apache.flink.core.fs.Path(recording.toString()),
                        "night",
                        new byte[0])) {
            for (Received next = reader.next(); next != null; next = reader.next()) {
                recorded.add(next);
            }
        }
        return recorded;
    }

    private static List<SignalFrame> of(List<SignalFrame> frames, String stream) {
        return frames.stream().filter(frame -> frame.streamId().equals(stream)).toList();
    }

    private static <T extends WireRecord> List<T> published(String topic, Class<T> type)
            throws Exception {
        List<T> published = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : KAFKA.committed(topic)) {
            T decoded = WireFormat.decode(record.value(), type);
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(decoded.key());
            published.add(decoded);
        }
        return published;
    }
}
