/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.Received;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.connectors.kafka.RegistryServer;
import io.thalamus.connectors.recording.DetectedFormat;
import io.thalamus.connectors.recording.EdfFile;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.RecordingReader;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The commands that lead from a recording to a topic and back. */
class RecordITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    @TempDir static Path recordings;
    private static Path night;

    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** A pipeline without transforms, from a file with a gap and annotations to a topic. */
    @BeforeAll
    static void publish() throws Exception {
        EdfFile file = EdfFile.edf("EDF+D").signal("eeg", 128).signal("ecg", 128).annotations(60);
        for (int i = 0; i < 20; i++) {
            int[] samples = new int[128];
            for (int j = 0; j < samples.length; j++) {
                samples[j] = 100 * i - j * j;
            }
            file.record(
                    samples,
                    samples.clone(),
                    "+%d||_+%1$d.25~0.5|spindle|_".formatted(i < 12 ? i : i + 60));
        }
        night = Files.write(recordings.resolve("night.edf"), file.bytes());
        KAFKA.createTopic("frames", 2);
        KAFKA.createTopic("remarks", 1);
        Path pipeline =
                Files.writeString(
                        recordings.resolve("publish.yaml"),
                        """
name: publish
source: {type: recording, path: night.edf, frame: 100}
sink: {type: kafka, bootstrap: "BROKERS", topic: frames, guarantee: at-least-once}
annotations: {type: kafka, bootstrap: "BROKERS", topic: remarks, guarantee: at-least-once}
dead-letters: {type: jsonl, path: refused}
"""
                                .replace("BROKERS", KAFKA.bootstrapServers()));
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertThat(
                        ThalamusCommand.execute(
                                new Console(
                                        new PrintStream(OutputStream.nullOutputStream()),
                                        new PrintStream(err, true),
                                        false),
                                "run",
                                pipeline.toString()))
                .as(err::toString)
                .isZero();
    }

    @Test
    void aTopicComesBackAsARecording() throws IOException {
        for (String format : List.of("edf", "bdf", "avro")) {
            JsonNode summary = record("--format", format);

            assertThat(summary.path("topic").asText()).isEqualTo("frames");
            assertThat(summary.path("frames").asInt()).isEqualTo(40);
            assertThat(summary.path("samples").asInt()).isEqualTo(20 * 128);
            assertThat(summary.path("annotations").asInt()).isEqualTo(21); // and that of the gap
            assertThat(summary.path("deadLetters").asInt()).isZero();
            assertThat(summary.path("outputs")).hasSize(1);
            List<Received> read = read(summary.path("outputs").get(0).asText());
            List<Received> original = read(night.toString());
            assertThat(times(read)).isEqualTo(times(original));
            float[] expected = samples(original);
            float[] samples = samples(read);
            assertThat(samples).hasSameSizeAs(expected);
            for (int i = 0; i < samples.length; i++) {
                assertThat(samples[i])
                        .isCloseTo(expected[i], Offset.offset(format.equals("avro") ? 0f : 0.02f));
            }
            assertThat(annotations(read)).containsAll(annotations(original)).hasSize(21);
        }
    }

    @Test
    void theSummaryIsForPeopleUnlessItIsJson() throws IOException {
        assertThat(thalamus(arguments("--until", "latest", "--format", "wav"))).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("frames +40\n")
                .containsPattern("samples +2,560 in [0-9.]+ s\n")
                .containsPattern("output +" + folder.resolve("out/night.wav") + "\n")
                .containsPattern("output +" + folder.resolve("out/night-0002.wav") + "\n")
                .containsPattern("output +" + folder.resolve("out/night.annotations.avro") + "\n");
    }

    @Test
    void aLiveTopicIsRecordedForSoLong() throws IOException {
        assertThat(thalamus(arguments("--seconds", "3", "--json"))).isZero();

        JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
        assertThat(summary.path("frames").asInt()).isEqualTo(40);
        assertThat(summary.path("seconds").asDouble()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aRequestToEndTheProcessFinishesTheFilesFirst() throws Exception {
        Thread stopping;
        RecordSummary summary;
        try (TopicRecording recording =
                new TopicRecording(
                        KAFKA.bootstrapServers(), "frames", null, Optional.empty(), Map.of())) {
            FutureTask<RecordSummary> running =
                    new FutureTask<>(
                            () ->
                                    recording.execute(
                                            folder.toString(),
                                            WrittenFormat.AVRO,
                                            false,
                                            false,
                                            null));
            new Thread(running).start();
            stopping = new Thread(recording::stop);
            stopping.start();
            summary = running.get();
            assertThat(stopping.isAlive()).isTrue();
        }
        stopping.join();

        assertThat(summary.outputs()).hasSize(summary.frames() > 0 ? 1 : 0);
        assertThat(summary.outputs()).allMatch(file -> Files.exists(Path.of(file)));
    }

    @Test
    void filesThatAreThereStayUnlessTheyAreToBeReplaced() throws IOException {
        record();
        Path file = folder.resolve("out/night.avro");
        byte[] before = Files.readAllBytes(file);

        assertThat(thalamus(arguments("--until", "latest"))).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "thalamus: '%s' is there already: name another folder, or overwrite it"
                                .formatted(file));
        record("--overwrite");
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void aRecordingGoesToATopicInConfluentsFormatAndComesBack() throws Exception {
        KAFKA.createTopic("again", 1);
        KAFKA.createTopic("again.remarks", 1);
        try (RegistryServer server = new RegistryServer()) {
            String brokers = "--bootstrap=" + KAFKA.bootstrapServers();
            String remarks = "--annotations=again.remarks";
            String registry = "--registry=" + server.url();
            assertThat(
                            thalamus(
                                    "replay",
                                    night.toString(),
                                    "--to=again",
                                    remarks,
                                    brokers,
                                    registry,
                                    "--speed=max"))
                    .as(err::toString)
                    .isZero();

            List<String> record =
                    List.of(
                            "record",
                            "--from=again",
                            remarks,
                            brokers,
                            "--out=" + folder,
                            "--until=latest",
                            "--json");
            assertThat(thalamus(record.toArray(String[]::new))).isEqualTo(1);
            out.reset();
            List<String> withRegistry = new ArrayList<>(record);
            withRegistry.add(registry);
            assertThat(thalamus(withRegistry.toArray(String[]::new))).as(err::toString).isZero();
        }

        JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
        assertThat(summary.path("samples").asInt()).isEqualTo(20 * 128);
        assertThat(summary.path("annotations").asInt()).isEqualTo(20);
        assertThat(summary.path("deadLetters").asInt()).isZero();
    }

    @Test
    void aFrameThatIsTooLargeForATopicIsPublishedInPieces() throws Exception {
        KAFKA.createTopic("large", 1);
        StringBuilder rows = new StringBuilder("time,a,b,c\n");
        int length = 400_000;
        for (int i = 0; i < length; i++) {
            rows.append(i).append(",1,2,").append(i % 7).append('\n');
        }
        Path file = Files.writeString(folder.resolve("large.csv"), rows);
        String brokers = "--bootstrap=" + KAFKA.bootstrapServers();
        assertThat(
                        thalamus(
                                "replay",
                                file.toString(),
                                "--to=large",
                                brokers,
                                "--time-format=epoch-seconds",
                                "--frame=400000",
                                "--speed=max"))
                .as(err::toString)
                .isZero();
        out.reset();

        assertThat(
                        thalamus(
                                "record",
                                "--from=large",
                                brokers,
                                "--out=" + folder.resolve("out"),
                                "--until=latest",
                                "--json"))
                .as(err::toString)
                .isZero();

        JsonNode summary = new ObjectMapper().readTree(out.toByteArray());
        assertThat(summary.path("frames").asInt()).isEqualTo(2);
        assertThat(summary.path("samples").asInt()).isEqualTo(length);
        assertThat(summary.path("deadLetters").asInt()).isZero();
    }

    @Test
    void deadLettersAreListedAndOtherRecordsPassedOver() throws Exception {
        KAFKA.createDeadLetterTopic("frames.dlq");
        String[] list = {"dlq", "--from=frames.dlq", "--bootstrap=" + KAFKA.bootstrapServers()};
        KAFKA.send("frames.dlq", "s", new byte[] {7});
        assertThat(thalamus(list)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("topic frames.dlq holds no dead letters, but 1 other records");
        DeadLetter letter =
                new DeadLetter(
                        "frames",
                        0,
                        4711,
                        0,
                        "source",
                        "CORRUPT",
                        "cut off",
                        new byte[3],
                        null,
                        List.of());
        KAFKA.send("frames.dlq", "s", WireFormat.encode(letter));

        assertThat(thalamus(list)).as(err::toString).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
                .hasSize(3)
                .satisfies(
                        lines -> {
                            assertThat(lines.get(0)).contains("frames[0]@4711", "CORRUPT: cut off");
                            assertThat(lines.get(1)).isEqualTo("1 dead letters");
                            assertThat(lines.get(2)).isEqualTo("1 other records passed over");
                        });
    }

    @Test
    void aTopicOfNothingButOtherRecordsIsAFailure() throws Exception {
        KAFKA.createTopic("other", 1);
        KAFKA.send("other", "s", new byte[] {0, 0, 0, 0, 1, 2});

        assertThat(
                        thalamus(
                                "record",
                                "--from=other",
                                "--bootstrap=" + KAFKA.bootstrapServers(),
                                "--out=" + folder,
                                "--until=latest"))
                .isEqualTo(1);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("dead letters +1 records that are left out");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith(
                        "thalamus: none of the records is a frame or an annotation, and record 0 of"
                                + " partition 0 of topic 'other' is not because the 6 bytes do not"
                                + " start with C3 01")
                .endsWith("; --registry reads those in Confluent's wire format\n");
    }

    @Test
    void whatCameBeforeAFrameThatCannotBeWrittenIsKept() throws Exception {
        KAFKA.createTopic("mixed", 1);
        for (SampleRate rate : List.of(SampleRate.ofHertz(8), new SampleRate(1, 3600))) {
            String stream = rate.denominator() == 1 ? "quick" : "slow";
            SignalFrame frame =
                    new SignalFrame(stream, 0, 0, 0, rate, List.of("a"), new float[] {1, 2}, 0);
            KAFKA.send("mixed", stream, WireFormat.encode(frame));
        }

        assertThat(
                        thalamus(
                                "record",
                                "--from=mixed",
                                "--bootstrap=" + KAFKA.bootstrapServers(),
                                "--out=" + folder.resolve("out"),
                                "--format=wav",
                                "--until=latest"))
                .isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("slow");
        assertThat(samples(read(folder.resolve("out/quick.wav").toString()))).containsExactly(1, 2);
        assertThat(folder.resolve("out")).isDirectoryNotContaining("glob:**slow*");
    }

    @Test
    void aWrongCallIsToldInOneLine() {
        assertThat(thalamus(arguments("--seconds", "0"))).isEqualTo(2);
        assertThat(thalamus(arguments("--format", "mp3"))).isEqualTo(2);
        assertThat(thalamus(arguments("--registry", "registry"))).isEqualTo(2);
        assertThat(
                        thalamus(
                                "record",
                                "--from=nothing",
                                "--bootstrap=" + KAFKA.bootstrapServers(),
                                "--out=" + folder))
                .isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8).lines().toList())
                .hasSize(4)
                .satisfies(
                        lines -> {
                            assertThat(lines.get(0)).contains("--seconds is 0; give at least 1");
                            assertThat(lines.get(1)).contains("WAV24, EDF, BDF] (case");
                            assertThat(lines.get(2))
                                    .contains("--registry: a schema registry has an address");
                            assertThat(lines.get(3)).contains("there is no topic 'nothing' at");
                        });
    }

    private JsonNode record(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--until", "latest", "--json"));
        arguments.addAll(List.of(more));
        out.reset();
        assertThat(thalamus(arguments(arguments.toArray(String[]::new))))
                .as(err::toString)
                .isZero();
        return new ObjectMapper().readTree(out.toByteArray());
    }

    private String[] arguments(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "record",
                                "--from=frames",
                                "--annotations=remarks",
                                "--bootstrap=" + KAFKA.bootstrapServers(),
                                "--out=" + folder.resolve("out")));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private int thalamus(String... arguments) {
        return ThalamusCommand.execute(
                new Console(new PrintStream(out, true), new PrintStream(err, true), false),
                arguments);
    }

    private static List<Received> read(String file) throws IOException {
        List<Received> read = new ArrayList<>();
        try (RecordingReader reader =
                DetectedFormat.of(RecordingOptions.defaults())
                        .open(new org.apache.flink.core.fs.Path(file), "night", new byte[0])) {
            for (Received next = reader.next(); next != null; next = reader.next()) {
                read.add(next);
            }
        }
        return read;
    }

    private static List<Long> times(List<Received> read) {
        List<Long> times = new ArrayList<>();
        for (Received one : read) {
            SignalFrame frame = one.frame();
            for (int i = 0; frame != null && i < frame.length(); i++) {
                times.add(frame.startNanos() + frame.rate().nanosOf(i));
            }
        }
        return times;
    }

    /** Of all channels, sample by sample. */
    private static float[] samples(List<Received> read) {
        List<Float> samples = new ArrayList<>();
        for (Received one : read) {
            SignalFrame frame = one.frame();
            for (int i = 0; frame != null && i < frame.length(); i++) {
                for (int channel = 0; channel < frame.channels().size(); channel++) {
                    samples.add(frame.sample(channel, i));
                }
            }
        }
        float[] values = new float[samples.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = samples.get(i);
        }
        return values;
    }

    private static List<Annotation> annotations(List<Received> read) {
        return read.stream()
                .map(Received::annotation)
                .filter(annotation -> annotation != null)
                .toList();
    }
}
