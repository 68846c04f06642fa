/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.Ingest;
import io.thalamus.connectors.Received;
import io.thalamus.connectors.kafka.AvroFrames;
import io.thalamus.connectors.kafka.ConfluentFrames;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.connectors.kafka.RecordSink;
import io.thalamus.connectors.kafka.RegistryAccess;
import io.thalamus.connectors.kafka.RegistryServer;
import io.thalamus.connectors.kafka.TopicOutput;
import io.thalamus.connectors.kafka.TopicReader;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Examples;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.Schemas;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Any recording becomes a stream, and any stream a recording: through Kafka and back. */
class RecordingRoundTripITCase {
    private static final Annotation REMARK = new Annotation("s", 8_000L, 9_000L, "seizure onset");
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();
    @RegisterExtension static final MiniClusterExtension FLINK = new MiniClusterExtension();

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final RecordingFormat FORMAT =
            DetectedFormat.of(RecordingOptions.defaults().withFrameLength(100))
                    .or(new CsvFormat(CsvOptions.defaults()));

    @TempDir Path folder;

    /** A file of each kind. */
    enum Original {
        WAV("s.wav", false) {
            @Override
            byte[] bytes(Random random) {
                byte[] data = new byte[40_000];
                random.nextBytes(data);
                return new WavFile()
                        .bext("2024-05-0607:08:09", 44100L * 25689 + 17)
                        .fmt(1, 2, 44100, 16)
                        .data(data)
                        .bytes();
            }
        },
        FLAC("s.flac", false) {
            @Override
            byte[] bytes(Random random) {
                FlacStreamInfo info = new FlacStreamInfo(512, 48_000, 2, 24, 3000);
                return new FlacEncoder(info, true, random)
                        .file(FlacSignals.draw(random, 2, 24, 3000))
                        .bytes();
            }
        },
        EDF("s.edf", true) {
            @Override
            byte[] bytes(Random random) {
                return signals(EdfFile.edf("EDF+D"), random);
            }
        },
        BDF("s.bdf", true) {
            @Override
            byte[] bytes(Random random) {
                return signals(EdfFile.bdf("BDF+D"), random);
            }
        },
        XDF("s.xdf", true) {
            @Override
            byte[] bytes(Random random) {
                XdfFile file =
                        XdfFile.createdAt("2024-05-06T07:08:09+0000").stream(
                                1, "eeg", "float32", 2, 250, XdfFile.labels("a", "b"))
                                .stream(2, "gaze", "double64", 1, 0)
                                .stream(3, "said", "string", 1, 0);
                for (int i = 0; i < 20; i++) {
                    // The clock is fast by a thousandth, and stops once.
                    double second = 1000 + i * 1.001 + (i < 12 ? 0 : 30);
                    XdfFile.Samples eeg =
                            new XdfFile.Samples("float32").at(second, drawn(random, 2));
                    for (int j = 1; j < 250; j++) {
                        eeg.then(drawn(random, 2));
                    }
                    file.samples(1, eeg)
                            .samples(
                                    2,
                                    new XdfFile.Samples("double64")
                                            .at(second + random.nextDouble(), random.nextDouble()))
                            .samples(3, new XdfFile.Samples("string").at(second + 0.5, "word " + i))
                            .clockOffset(1, second, 0.25 + i * 1e-5);
                }
                return file.bytes();
            }
        },
        CSV("s.csv", false) {
            @Override
            byte[] bytes(Random random) {
                StringBuilder rows = new StringBuilder("time,a,b\n");
                for (int i = 0; i < 300; i++) {
                    if (i % 50 != 7) {
                        rows.append("2024-01-%02dT%02d:00:00Z,".formatted(1 + i / 24, i % 24))
                                .append(random.nextFloat())
                                .append(i % 20 == 0 ? ",\n" : ",1e-3\n");
                    }
                }
                return rows.toString().getBytes(StandardCharsets.US_ASCII);
            }
        },
        AVRO("s.avro", true) {
            @Override
            byte[] bytes(Random random) {
                return AvroFile.random(random, 20);
            }
        };

        private final String file;
        private final boolean remarks;

        Original(String file, boolean remarks) {
            this.file = file;
            this.remarks = remarks;
        }

        abstract byte[] bytes(Random random);

        static Object[] drawn(Random random, int count) {
            return random.doubles(count).mapToObj(value -> (float) value).toArray();
        }

        private static byte[] signals(EdfFile file, Random random) {
            file.annotations(60).signal("eeg 1", 128).signal("eeg 2", 128);
            double onset = 0.123456789;
            for (int i = 0; i < 30; i++) {
                file.record(
                        "+" + onset + "||_" + (i % 4 == 0 ? "+" + onset + "~0.5|spindle|_" : ""),
                        random.ints(128, -32768, 32768).toArray(),
                        random.ints(128, -32768, 32768).toArray());
                onset += i % 7 == 3 ? 11.5 : 1;
            }
            return file.bytes();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everythingComesBackAsItWas(Original original) throws Exception {
        List<Received> expected = publish(original, "avro-" + original);

        List<Received> read = record("avro-" + original, WrittenFormat.AVRO);

        assertThat(Recording.refused(expected)).isEmpty();
        assertThat(Recording.refused(read)).isEmpty();
        assertThat(byStream(read)).isNotEmpty().isEqualTo(byStream(expected));
        assertThat(Recording.annotations(read))
                .containsExactlyInAnyOrderElementsOf(Recording.annotations(expected));
        assertThat(Recording.annotations(read).isEmpty()).isNotEqualTo(original.remarks);
    }

    @ParameterizedTest
    @CsvSource({
        "WAV, WAV, 0",
        "WAV, WAV16, 0",
        "FLAC, WAV24, 0",
        "EDF, EDF, 0.06",
        "BDF, BDF, 3e-4"
    })
    void otherKindsOfFileKeepSamplesTimesAndAnnotations(
            Original original, WrittenFormat format, double tolerance) throws Exception {
        String topic = original + "-as-" + format;
        List<Received> expected = publish(original, topic);

        List<Received> read = record(topic, format);

        List<SignalFrame> frames = Recording.frames(read);
        TreeMap<Long, float[]> samples = samples(frames);
        TreeMap<Long, float[]> wanted = samples(Recording.frames(expected));
        assertThat(samples.keySet()).isEqualTo(wanted.keySet());
        samples.forEach(
                (nanos, values) -> {
                    for (int channel = 0; channel < values.length; channel++) {
                        double off = values[channel] - wanted.get(nanos)[channel];
                        assertThat(Math.abs(off)).isLessThanOrEqualTo(tolerance);
                    }
                });
        assertThat(Recording.annotations(read))
                .containsExactlyInAnyOrderElementsOf(Recording.annotations(expected));
        if (format == WrittenFormat.EDF || format == WrittenFormat.BDF) {
            assertThat(frames.get(0).channels()).containsExactly("eeg 1", "eeg 2");
        }
    }

    @Test
    void whatIsNoFrameIsADeadLetter() throws Exception {
        KAFKA.createTopic("mixed", 1);
        KAFKA.send("mixed", "s", "no frame".getBytes(StandardCharsets.UTF_8));
        KAFKA.send("mixed", "s", WireFormat.encode(Examples.FORECAST));
        KAFKA.send("mixed", "s", WireFormat.encode(Examples.FRAME));
        KAFKA.send("mixed", "s", null);

        List<Received> read = new ArrayList<>();
        try (TopicReader reader =
                TopicReader.open(
                        KAFKA.bootstrapServers(),
                        "mixed",
                        Optional.empty(),
                        new AvroFrames(),
                        Map.of())) {
            while (!reader.isAtEnd()) {
                read.addAll(reader.poll(PATIENCE));
            }
        }

        assertThat(Recording.frames(read)).containsExactly(Examples.FRAME);
        assertThat(Recording.refused(read))
                .extracting(DeadLetter::error)
                .containsExactly("NOT_A_RECORD", "WRONG_TYPE", "NOT_A_RECORD");
        assertThat(Recording.refused(read))
                .extracting(DeadLetter::position)
                .containsExactly(0L, 1L, 3L);
    }

    @Test
    void aTopicInConfluentsFormatIsReadWithItsRegistry() throws Exception {
        KAFKA.createTopic("confluent", 1);
        List<Received> read = new ArrayList<>();
        try (RegistryServer registry = new RegistryServer()) {
            KAFKA.send("confluent", "s", confluent(registry, Examples.FRAME));
            KAFKA.send("confluent", "s", confluent(registry, REMARK));
            KAFKA.send("confluent", "s", confluent(registry, Examples.FORECAST));
            KAFKA.send("confluent", "s", WireFormat.encode(Examples.FRAME));
            try (TopicReader reader =
                    TopicReader.open(
                            KAFKA.bootstrapServers(),
                            "confluent",
                            Optional.empty(),
                            new ConfluentFrames(new RegistryAccess(registry.url(), Map.of())),
                            Map.of())) {
                while (!reader.isAtEnd()) {
                    read.addAll(reader.poll(PATIENCE));
                }
            }
        }

        assertThat(Recording.frames(read)).containsExactly(Examples.FRAME);
        assertThat(Recording.annotations(read)).containsExactly(REMARK);
        assertThat(Recording.refused(read))
                .extracting(DeadLetter::error)
                .containsExactly("WRONG_TYPE", "NOT_A_RECORD");
    }

    private static byte[] confluent(RegistryServer registry, WireRecord record) {
        int id = registry.register("test", Schemas.current(record.getClass()).toString());
        return WireFormat.encode(ByteBuffer.allocate(5).putInt(1, id).array(), record);
    }

    @Test
    void aFrameThatNoSourceLetsInIsADeadLetter() throws Exception {
        KAFKA.createTopic("large", 1);
        SignalFrame large =
                new SignalFrame(
                        "s",
                        0,
                        0,
                        0,
                        SampleRate.ofHertz(1),
                        List.of("a"),
                        new float[(1 << 20) + 1],
                        0);
        KAFKA.send("large", "s", WireFormat.encode(large));

        List<Received> read = new ArrayList<>();
        try (TopicReader reader =
                TopicReader.open(
                        KAFKA.bootstrapServers(),
                        "large",
                        Optional.empty(),
                        new AvroFrames(),
                        Map.of())) {
            while (!reader.isAtEnd()) {
                read.addAll(reader.poll(PATIENCE));
            }
        }

        assertThat(Recording.refused(read))
                .extracting(DeadLetter::error)
                .containsExactly("TOO_LARGE");
    }

    @Test
    void aTopicThatIsNotThereIsRefusedInOneSentence() {
        assertThatThrownBy(
                        () ->
                                TopicReader.open(
                                        KAFKA.bootstrapServers(),
                                        "nothing",
                                        Optional.empty(),
                                        new AvroFrames(),
                                        Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "there is no topic 'nothing' at '%s': name one that is there"
                                .formatted(KAFKA.bootstrapServers()));
        assertThatThrownBy(
                        () ->
                                TopicReader.open(
                                        "nowhere",
                                        "nothing",
                                        Optional.empty(),
                                        new AvroFrames(),
                                        Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("the brokers at 'nowhere' cannot be read from: ");
    }

    /** Plays a recording into a topic, and its annotations into another; gives what is in it. */
    private List<Received> publish(Original original, String topic) throws Exception {
        Path file = Files.write(folder.resolve(original.file), original.bytes(new Random(7)));
        KAFKA.createTopic(topic, 2);
        KAFKA.createTopic(topic + ".remarks", 1);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(1);
        SingleOutputStreamOperator<SignalFrame> frames =
                Ingest.frames(
                        environment.fromSource(
                                RecordedSource.of(file.toString(), FORMAT),
                                WatermarkStrategy.forMonotonousTimestamps(),
                                "source"));
        write(frames, topic);
        write(frames.getSideOutput(Ingest.ANNOTATIONS), topic + ".remarks");
        environment.execute();
        return new Recording(FORMAT, file).read();
    }

    private static <T extends WireRecord> void write(DataStream<T> records, String topic) {
        records.sinkTo(
                RecordSink.<T>of(
                        TopicOutput.atLeastOnce(KAFKA.bootstrapServers(), topic, Map.of())));
    }

    /** Records the topics, and reads the recordings. */
    private List<Received> record(String topic, WrittenFormat format) throws IOException {
        List<String> files;
        try (RecordingFolder out =
                        RecordingFolder.open(folder.resolve("out").toString(), format, false);
                TopicReader reader =
                        TopicReader.open(
                                KAFKA.bootstrapServers(),
                                topic,
                                Optional.of(topic + ".remarks"),
                                new AvroFrames(),
                                Map.of())) {
            while (!reader.isAtEnd()) {
                for (Received received : reader.poll(PATIENCE)) {
                    if (received.frame() != null) {
                        out.write(received.frame());
                    } else {
                        out.write(received.annotation());
                    }
                }
            }
            files = out.finish();
        }
        List<Received> read = new ArrayList<>();
        for (String file : files) {
            read.addAll(new Recording(FORMAT, Path.of(file)).read());
        }
        return read;
    }

    private static Map<String, List<SignalFrame>> byStream(List<Received> received) {
        Map<String, List<SignalFrame>> frames = new TreeMap<>();
        for (SignalFrame frame : Recording.frames(received)) {
            frames.computeIfAbsent(frame.streamId(), key -> new ArrayList<>()).add(frame);
        }
        return frames;
    }

    private static TreeMap<Long, float[]> samples(List<SignalFrame> frames) {
        TreeMap<Long, float[]> samples = new TreeMap<>();
        for (SignalFrame frame : frames) {
            for (int i = 0; i < frame.length(); i++) {
                float[] values = new float[frame.channels().size()];
                for (int channel = 0; channel < values.length; channel++) {
                    values[channel] = frame.sample(channel, i);
                }
                // To 10 ns, as times are rounded where frames are cut.
                long nanos = frame.startNanos() + frame.rate().nanosOf(i);
                assertThat(samples.put(Math.floorDiv(nanos + 5, 10), values)).isNull();
            }
        }
        return samples;
    }
}
