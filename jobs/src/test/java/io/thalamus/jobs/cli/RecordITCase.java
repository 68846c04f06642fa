/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.Received;
import io.thalamus.connectors.kafka.AvroFrames;
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
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
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
        try (Interruption interruption = new Interruption();
                TopicRecording recording =
                        new TopicRecording(
                                KAFKA.bootstrapServers(),
                                "frames",
                                null,
                                new AvroFrames(),
                                Map.of(),
                                soFar -> {},
                                complaint -> {})) {
            FutureTask<RecordSummary> running =
                    new FutureTask<>(
                            () ->
                                    recording.execute(
                                            folder.toString(),
                                            WrittenFormat.AVRO,
                                            false,
                                            false,
                                            null,
                                            interruption));
            new Thread(running).start();
            stopping = new Thread(interruption::stop);
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
                        "thalamus: stream 'night' is recorded no further: '%s' is there already: name another folder, or overwrite it"
                                .formatted(file),
                        "thalamus: not recorded to the end: night; what came before is");
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
            Path secrets = Files.writeString(folder.resolve("secrets"), "login=us:unspeakable\n");
            String login = "--registry-property=basic.auth.user.info=${file:" + secrets + ":login}";
            assertThat(
                            thalamus(
                                    "replay",
                                    night.toString(),
                                    "--to=again",
                                    remarks,
                                    brokers,
                                    registry,
                                    login,
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
            withRegistry.addAll(List.of(registry, login));
            server.requests.clear();
            assertThat(thalamus(withRegistry.toArray(String[]::new))).as(err::toString).isZero();
            assertThat(server.requests)
                    .isNotEmpty()
                    .allMatch(request -> request.endsWith(" Basic dXM6dW5zcGVha2FibGU="));
            assertThat(out + err.toString()).doesNotContain("unspeakable");
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
        KAFKA.createTopic("torn", 1);
        KAFKA.createDeadLetterTopic("torn.dlq");
        String[] list = {"dlq", "--from=torn.dlq", "--bootstrap=" + KAFKA.bootstrapServers()};
        KAFKA.send("torn.dlq", "s", new byte[] {7});
        assertThat(thalamus(list)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("topic torn.dlq holds no dead letters, but 1 other records");
        DeadLetter letter =
                new DeadLetter(
                        "torn",
                        0,
                        4711,
                        0,
                        "source",
                        "CORRUPT",
                        "cut off",
                        new byte[3],
                        null,
                        List.of());
        KAFKA.send("torn.dlq", "s", WireFormat.encode(letter));

        assertThat(thalamus(list)).as(err::toString).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
                .hasSize(3)
                .satisfies(
                        lines -> {
                            assertThat(lines.get(0)).contains("torn[0]@4711", "CORRUPT: cut off");
                            assertThat(lines.get(1)).isEqualTo("1 dead letters");
                            assertThat(lines.get(2)).isEqualTo("1 other records passed over");
                        });

        DeadLetter homeless =
                new DeadLetter("nowhere", 0, 5, 0, "source", "CORRUPT", "torn", new byte[1]);
        KAFKA.send("torn.dlq", "s", WireFormat.encode(homeless));
        List<String> putBack =
                new ArrayList<>(List.of("--json", "--reinject", "--property=max.block.ms=500"));
        putBack.addAll(0, List.of(list));
        out.reset();
        assertThat(thalamus(putBack.toArray(String[]::new))).isEqualTo(1);
        JsonNode printed = new ObjectMapper().readTree(out.toByteArray());
        assertThat(printed).as("what came before the letter that failed").hasSize(1);
        assertThat(printed.get(0).path("reinjectedTo").textValue()).isEqualTo("torn");

        out.reset();
        assertThat(thalamus(list[0], list[1], list[2], "--json", "--reason=none")).isZero();
        assertThat(new ObjectMapper().readTree(out.toByteArray())).isEmpty();
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
                .endsWith(
                        "; --registry reads those in Confluent's wire format, --as those that"
                                + " a pipeline reads\n");
    }

    @Test
    void aStreamThatCannotBeWrittenEndsAndTheOthersGoOn() throws Exception {
        KAFKA.createTopic("mixed", 1);
        SampleRate whole = SampleRate.ofHertz(8);
        send("mixed", "quick", 0, whole);
        send("mixed", "changing", 0, whole);
        send("mixed", "slow", 0, new SampleRate(1, 3600));
        send("mixed", "changing", 2, new SampleRate(1, 3600));
        send("mixed", "changing", 4, whole);
        send("mixed", "quick", 2, whole);

        assertThat(
                        thalamus(
                                "record",
                                "--from=mixed",
                                "--bootstrap=" + KAFKA.bootstrapServers(),
                                "--out=" + folder.resolve("out"),
                                "--format=wav",
                                "--until=latest"))
                .isEqualTo(1);

        String wav = "a WAV file whole rates only: write avro, edf or bdf";
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "thalamus: stream 'slow' is recorded no further: stream 'slow' has"
                                + " 1/3600 Hz, and "
                                + wav,
                        "thalamus: stream 'changing' is recorded no further: stream 'changing' has"
                                + " 1/3600 Hz, and "
                                + wav,
                        "thalamus: not recorded to the end: changing, slow; what came before is");
        assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern("frames +3\n");
        assertThat(samples(read(folder.resolve("out/quick.wav").toString())))
                .containsExactly(1, 2, 1, 2);
        assertThat(samples(read(folder.resolve("out/changing.wav").toString())))
                .containsExactly(1, 2);
        assertThat(folder.resolve("out")).isDirectoryNotContaining("glob:**slow*");
    }

    @Test
    void ofTooManyStreamsTheFirstOnesAreRecorded() throws Exception {
        KAFKA.createTopic("many", 1);
        for (int i = 0; i < 402; i++) {
            send("many", "stream-%03d".formatted(i % 201), i / 201 * 2, SampleRate.ofHertz(8));
        }

        assertThat(
                        thalamus(
                                "record",
                                "--from=many",
                                "--bootstrap=" + KAFKA.bootstrapServers(),
                                "--out=" + folder.resolve("out"),
                                "--until=latest"))
                .isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "thalamus: stream 'stream-200' is recorded no further: there are more than"
                                + " 200 recordings, with 'stream-200' the first too many: record"
                                + " fewer streams at a time",
                        "thalamus: not recorded to the end: stream-200; what came before is");
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            assertThat(files).hasSize(200);
        }
        assertThat(samples(read(folder.resolve("out/stream-199.avro").toString())))
                .containsExactly(1, 2, 1, 2);
    }

    private static void send(String topic, String stream, long sequence, SampleRate rate)
            throws Exception {
        KAFKA.send(
                topic,
                stream,
                WireFormat.encode(
                        new SignalFrame(
                                stream,
                                sequence,
                                0,
                                rate.nanosOf(sequence),
                                rate,
                                List.of("a"),
                                new float[] {1, 2},
                                0)));
    }

    @Test
    void aRawTopicIsRecordedAsItsPipelineReadsIt() throws Exception {
        KAFKA.createTopic("raw", 1);
        KAFKA.createTopic("raw.remarks", 1);
        Annotation remark = new Annotation("left", 5_000_000_000L, 0, "here");
        KAFKA.send("raw.remarks", "left", WireFormat.encode(remark));
        for (int i = 0; i < 3; i++) {
            for (String stream : List.of("left", "right")) {
                KAFKA.send(
                        new ProducerRecord<>(
                                "raw",
                                0,
                                5000L + 2 * i,
                                stream,
                                new byte[] {0, (byte) (16 * i), 0, 64}));
            }
        }
        KAFKA.send("raw", "left", new byte[] {1});
        Path pipeline =
                Files.writeString(
                        folder.resolve("raw.yaml"),
                        """
                        name: raw
                        source:
                          type: kafka
                          bootstrap: elsewhere:9092
                          topic: other
                          group: raw
                          format: pcm
                          stream: {rate: 1000, channels: [m], encoding: s16le}
                        sink: {type: jsonl, path: out/raw}
                        """);

        assertThat(
                        thalamus(
                                "record",
                                "--from=raw",
                                "--annotations=raw.remarks",
                                "--as=" + pipeline,
                                "--bootstrap=" + KAFKA.bootstrapServers(),
                                "--out=" + folder.resolve("out"),
                                "--until=latest"))
                .as(err::toString)
                .isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("frames +6\n")
                .containsPattern("dead letters +1 ");
        List<Received> left = read(folder.resolve("out/left.avro").toString());
        assertThat(left.stream().map(Received::frame).filter(Objects::nonNull))
                .extracting(SignalFrame::sequence)
                .containsExactly(0L, 2L, 4L);
        assertThat(samples(left)).containsExactly(0, 0.5f, 0.125f, 0.5f, 0.25f, 0.5f);
        assertThat(times(left).get(0)).isEqualTo(5_000_000_000L);
        assertThat(annotations(left)).containsExactly(remark);

        assertThat(thalamus(arguments("--as=" + pipeline, "--registry=http://localhost:1")))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("thalamus: --as reads the registry from the pipeline");
        err.reset();
        assertThat(thalamus(arguments("--as=" + recordings.resolve("publish.yaml")))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("publish.yaml is no topic: name");
    }

    @Test
    void aTopicOfJsonIsRecordedAsItsPipelineReadsIt() throws Exception {
        KAFKA.createTopic("json", 1);
        for (String value :
                List.of(
                        "{\"at\": 60000, \"data\": {\"t\": 21.5, \"h\": 40}}",
                        "{\"at\": 120000, \"data\": {\"t\": [22, 23], \"h\": [41, null]}}",
                        "{\"at\": \"noon\"}",
                        "{\"at\": 240000, \"data\": {\"t\": 24, \"h\": 43}}")) {
            KAFKA.send("json", "roof", value.getBytes(StandardCharsets.UTF_8));
        }
        Path pipeline =
                Files.writeString(
                        folder.resolve("json.yaml"),
                        """
                        name: weather
                        source:
                          type: kafka
                          bootstrap: elsewhere:9092
                          topic: other
                          group: weather
                          format: json
                          stream:
                            rate: 1/60
                            channels: [temperature, humidity]
                            values: [/data/t, /data/h]
                            time: /at
                            time-format: epoch-millis
                        sink: {type: jsonl, path: out/json}
                        """);

        assertThat(
                        thalamus(
                                "record",
                                "--from=json",
                                "--as=" + pipeline,
                                "--bootstrap=" + KAFKA.bootstrapServers(),
                                "--out=" + folder.resolve("out"),
                                "--until=latest"))
                .as(err::toString)
                .isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("frames +3\n")
                .containsPattern("dead letters +1 ");
        List<Received> roof = read(folder.resolve("out/roof.avro").toString());
        assertThat(roof.stream().map(Received::frame))
                .extracting(SignalFrame::sequence)
                .containsExactly(0L, 1L, 3L);
        assertThat(roof.get(1).frame().channels()).containsExactly("temperature", "humidity");
        assertThat(samples(roof)).containsExactly(21.5f, 40, 22, 41, 23, Float.NaN, 24, 43);
        assertThat(times(roof))
                .containsExactly(
                        60_000_000_000L, 120_000_000_000L, 180_000_000_000L, 240_000_000_000L);
    }

    @Test
    void howFarItIsShowsOnATerminal() throws Exception {
        String line =
                RecordSummary.progress(new RecordSummary("t", 1200, 4096, 0, 0, 0, List.of()), 2.0);
        assertThat(line).isEqualTo("1,200 frames  2,048 samples/s");
        ThalamusCommand.execute(
                new Console(new PrintStream(out, true), new PrintStream(err, true), true),
                arguments("--seconds=1"));
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("\r")
                .contains(" frames  ")
                .endsWith("\r\033[K");
    }

    @Test
    void aWrongCallIsToldInOneLine() {
        assertThat(thalamus(arguments("--seconds", "0"))).isEqualTo(2);
        assertThat(thalamus(arguments("--format", "mp3"))).isEqualTo(2);
        assertThat(thalamus(arguments("--registry", "registry"))).isEqualTo(2);
        assertThat(thalamus(arguments("--registry-property", "a=b"))).isEqualTo(2);
        assertThat(
                        thalamus(
                                "record",
                                "--from=nothing",
                                "--bootstrap=" + KAFKA.bootstrapServers(),
                                "--out=" + folder))
                .isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8).lines().toList())
                .hasSize(5)
                .satisfies(
                        lines -> {
                            assertThat(lines.get(0)).contains("--seconds is 0; give at least 1");
                            assertThat(lines.get(1)).contains("WAV24, EDF, BDF] (case");
                            assertThat(lines.get(2))
                                    .contains("--registry: a schema registry has an address");
                            assertThat(lines.get(3))
                                    .contains("--registry-property goes with --registry");
                            assertThat(lines.get(4)).contains("there is no topic 'nothing' at");
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
