/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.kafka.AvroFrames;
import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.connectors.kafka.FrameFormat;
import io.thalamus.connectors.kafka.FrameSource;
import io.thalamus.connectors.kafka.PcmFrames;
import io.thalamus.connectors.kafka.RecordSink;
import io.thalamus.connectors.kafka.SampleCounter;
import io.thalamus.connectors.kafka.StreamHeader;
import io.thalamus.connectors.kafka.TopicInput;
import io.thalamus.connectors.kafka.TopicOutput;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Examples;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class KafkaITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();
    @RegisterExtension static final MiniClusterExtension FLINK = new MiniClusterExtension();

    /** Later than any broker's clock: a Kafka timestamp of this kind would be refused. */
    private static final long START =
            Instant.parse("2100-01-01T00:00:00Z").getEpochSecond() * 1_000_000_000L;

    @TempDir Path folder;

    @Test
    void framesComeBackAsTheyWereWritten() throws Exception {
        KAFKA.createTopic("round-trip", 3);
        List<SignalFrame> frames = new ArrayList<>(List.of(Examples.FRAME, Examples.AUDIO));
        IntStream.range(0, 200).mapToObj(i -> frame("stream-" + i % 7, i)).forEach(frames::add);

        StreamExecutionEnvironment writing = Jobs.checkpointed();
        writing.fromData(frames, TypeInformation.of(SignalFrame.class))
                .uid("frames")
                .sinkTo(
                        RecordSink.of(
                                TopicOutput.exactlyOnce(
                                        KAFKA.bootstrapServers(),
                                        "round-trip",
                                        "round-trip-test",
                                        Map.of("client.id", "round-trip-test"))))
                .uid("sink");
        writing.execute();

        assertThat(read("round-trip"))
                .containsExactlyInAnyOrderElementsOf(frames.stream().map(Received::frame).toList());
        for (ConsumerRecord<byte[], byte[]> record : KAFKA.committed("round-trip")) {
            WireRecord frame = WireFormat.decode(record.value());
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(frame.key());
        }
        assertThat(
                        KAFKA.committed("round-trip").stream()
                                .filter(record -> new String(record.key()).equals("stream-3"))
                                .map(record -> sequence(record)))
                .isSorted()
                .hasSize(29);
    }

    /** A thread that is left holds the classes of its job, of which each start has its own. */
    @Test
    void aSinkLeavesNoThreadBehind() throws Exception {
        KAFKA.createTopic("left-behind", 1);
        Set<Thread> before = adminClients();
        writing("left-behind", Map.of()).execute();

        assertThat(KAFKA.committed("left-behind")).hasSize(1);
        assertThat(adminClients()).isSubsetOf(before);
    }

    @Test
    void neitherDoesASinkThatCannotStart() throws Exception {
        KAFKA.createTopic("never-started", 1);
        Set<Thread> before = adminClients();
        String hour = Long.toString(Duration.ofHours(1).toMillis());
        StreamExecutionEnvironment job =
                writing("never-started", Map.of("transaction.timeout.ms", hour));

        assertThatThrownBy(job::execute)
                .rootCause()
                .hasMessageContaining("transaction.max.timeout.ms");
        assertThat(adminClients()).isSubsetOf(before);
    }

    /** A job that writes a frame. */
    private static StreamExecutionEnvironment writing(
            String topic, Map<String, String> properties) {
        StreamExecutionEnvironment job = Jobs.checkpointed();
        job.fromData(List.of(Examples.FRAME), TypeInformation.of(SignalFrame.class))
                .uid("frames")
                .sinkTo(
                        RecordSink.of(
                                TopicOutput.exactlyOnce(
                                        KAFKA.bootstrapServers(), topic, topic, properties)))
                .uid("sink");
        return job;
    }

    private static Set<Thread> adminClients() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("kafka-admin-client-thread"))
                .collect(Collectors.toSet());
    }

    @Test
    void whatIsNoFrameIsADeadLetterWithItsBytesAndOrigin() throws Exception {
        KAFKA.createTopic("poisoned", 1);
        KAFKA.createDeadLetterTopic("poisoned.dlq");
        byte[] whole = WireFormat.encode(Examples.FRAME);
        byte[] cut = Arrays.copyOf(whole, whole.length - 5);
        byte[] json = "{\"samples\": [1, 2]}".getBytes(StandardCharsets.UTF_8);
        byte[] forecast = WireFormat.encode(Examples.FORECAST);
        KAFKA.send("poisoned", "a", json);
        KAFKA.send("poisoned", "a", whole);
        KAFKA.send("poisoned", "a", cut);
        KAFKA.send("poisoned", null, forecast);
        KAFKA.send("poisoned", "a", null);
        KAFKA.send("poisoned", "a", whole);

        List<Received> received = read("poisoned");
        assertThat(received.stream().map(Received::frame).filter(frame -> frame != null))
                .containsExactly(Examples.FRAME, Examples.FRAME);
        List<DeadLetter> letters =
                received.stream()
                        .map(Received::deadLetter)
                        .filter(letter -> letter != null)
                        .toList();
        assertThat(letters).extracting(DeadLetter::origin).containsOnly("poisoned");
        assertThat(letters).extracting(DeadLetter::position).containsExactly(0L, 2L, 3L, 4L);
        assertThat(letters)
                .extracting(DeadLetter::payload)
                .containsExactly(json, cut, forecast, new byte[0]);
        assertThat(letters)
                .extracting(DeadLetter::error)
                .containsExactly("NOT_A_RECORD", "CORRUPT", "WRONG_TYPE", "NOT_A_RECORD");
        assertThat(letters).allSatisfy(letter -> assertThat(letter.timeNanos()).isPositive());

        StreamExecutionEnvironment writing = Jobs.unchecked();
        writing.fromData(letters, TypeInformation.of(DeadLetter.class))
                .uid("letters")
                .sinkTo(
                        RecordSink.of(
                                TopicOutput.atLeastOnce(
                                        KAFKA.bootstrapServers(), "poisoned.dlq", Map.of())))
                .uid("sink");
        writing.execute();
        List<WireRecord> kept = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : KAFKA.committed("poisoned.dlq")) {
            kept.add(WireFormat.decode(record.value()));
        }
        assertThat(kept).containsExactlyElementsOf(new ArrayList<WireRecord>(letters));
    }

    @Test
    void aRecordThatIsTooLargeForAFrameIsKeptWhole() throws Exception {
        KAFKA.createTopic("large", 1);
        KAFKA.createDeadLetterTopic("large.dlq");
        byte[] noise = new byte[40 << 20]; // which does not shrink
        new Random(1).nextBytes(noise);
        KAFKA.send("large", "a", noise);

        TopicInput input =
                new TopicInput(
                        KAFKA.bootstrapServers(),
                        List.of("large"),
                        "large",
                        new AvroFrames(),
                        true,
                        Map.of());
        StreamExecutionEnvironment job = Jobs.unchecked();
        job.fromSource(
                        FrameSource.of(input),
                        FrameSource.watermarks(Duration.ofSeconds(1), Duration.ofSeconds(10)),
                        "large")
                .uid("source")
                .map(Received::deadLetter)
                .returns(DeadLetter.class)
                .uid("letters")
                .sinkTo(
                        RecordSink.ofDeadLetters(
                                input,
                                TopicOutput.atLeastOnce(
                                        KAFKA.bootstrapServers(), "large.dlq", Map.of())))
                .uid("sink");
        job.execute();
        assertThat(KAFKA.committed("large.dlq"))
                .singleElement()
                .satisfies(
                        record ->
                                assertThat(
                                                Arrays.equals(
                                                        WireFormat.decode(
                                                                        record.value(),
                                                                        DeadLetter.class)
                                                                .payload(),
                                                        noise))
                                        .isTrue());
    }

    @Test
    void everyFrameIsCommittedOnceThoughTheJobFails() throws Exception {
        everyFrameIsCommittedOnce(
                "once", () -> {}, new AvroFrames(), i -> WireFormat.encode(frame("s", i)));
    }

    @Test
    void everyFrameIsCommittedOnceThoughTheBrokerRestartsAndTheJobFails() throws Exception {
        everyFrameIsCommittedOnce(
                "restarted",
                KAFKA::restart,
                new AvroFrames(),
                i -> WireFormat.encode(frame("s", i)));
    }

    @Test
    void samplesWithoutNumbersAreCountedOnThoughTheJobFails() throws Exception {
        FrameFormat raw =
                new PcmFrames(
                        new StreamHeader(null, SampleRate.ofHertz(1), List.of("a")),
                        PcmEncoding.S16LE,
                        true);
        everyFrameIsCommittedOnce("counted", () -> {}, raw, i -> new byte[] {(byte) i, 0});
    }

    /**
     * @param disaster what happens in the middle of a transaction, besides the failure of the job
     * @param value the record of the frame of one sample with this number
     */
    private void everyFrameIsCommittedOnce(
            String name, Runnable disaster, FrameFormat format, IntFunction<byte[]> value)
            throws Exception {
        String in = name + "-in";
        String committed = name + "-out";
        KAFKA.createTopic(in, 1);
        KAFKA.createTopic(committed, 1);
        FailOnce failure = new FailOnce(name, 49, 120, 199, disaster);
        StreamExecutionEnvironment environment = Jobs.checkpointed();
        SingleOutputStreamOperator<SignalFrame> frames =
                Ingest.frames(received(environment, in, format, false)).uid("ingest");
        if (!format.isNumbered()) {
            frames =
                    frames.keyBy(SignalFrame::streamId, Types.STRING)
                            .process(new SampleCounter())
                            .uid("count");
        }
        frames.map(failure)
                .uid("failure")
                .sinkTo(
                        RecordSink.of(
                                TopicOutput.exactlyOnce(
                                        KAFKA.bootstrapServers(), committed, name, Map.of())))
                .uid("sink");
        JobClient job = environment.executeAsync();
        for (int i = 0; i < 50; i++) {
            KAFKA.send(in, "s", value.apply(i));
        }
        failure.awaitCheckpoint();
        for (int i = 50; i < 200; i++) {
            KAFKA.send(in, "s", value.apply(i));
        }
        failure.awaitRecovery();
        job.stopWithSavepoint(true, folder.toString(), SavepointFormatType.CANONICAL).get();

        assertThat(KAFKA.committed(committed).stream().map(record -> sequence(record)))
                .containsExactlyElementsOf(
                        IntStream.range(0, 200).mapToObj(i -> (long) i).toList());
        assertThat(read(committed)).hasSize(200);
        assertThat(KAFKA.written(committed))
                .as("the failed attempt wrote too, in a transaction that was aborted")
                .hasSizeGreaterThan(200);
    }

    private static DataStream<Received> received(
            StreamExecutionEnvironment environment,
            String topic,
            FrameFormat format,
            boolean bounded) {
        TopicInput input =
                new TopicInput(
                        KAFKA.bootstrapServers(),
                        List.of(topic),
                        "test",
                        format,
                        bounded,
                        Map.of());
        return environment
                .fromSource(
                        FrameSource.of(input),
                        FrameSource.watermarks(Duration.ofSeconds(1), Duration.ofSeconds(10)),
                        topic)
                .uid("source");
    }

    private static List<Received> read(String topic) throws Exception {
        return received(Jobs.unchecked(), topic, new AvroFrames(), true).executeAndCollect(10_000);
    }

    private static long sequence(ConsumerRecord<byte[], byte[]> record) {
        try {
            return WireFormat.decode(record.value(), SignalFrame.class).sequence();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SignalFrame frame(String stream, int i) {
        return new SignalFrame(
                stream,
                i,
                0,
                START + i * 1_000_000_000L,
                SampleRate.ofHertz(1),
                List.of("a", "b"),
                new float[] {i, i + 0.1f},
                0);
    }
}
