/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.Ingest;
import io.thalamus.connectors.Received;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class RecordedSourceITCase {
    private static final int ROWS = 2000;
    private static final RecordingFormat FORMAT =
            DetectedFormat.of(RecordingOptions.defaults().withFrameLength(50))
                    .or(
                            new CsvFormat(
                                    CsvOptions.defaults()
                                            .withFrameLength(8)
                                            .withTimeFormat(
                                                    new TimeFormat(
                                                            TimeFormat.EPOCH_MILLIS,
                                                            TimeFormat.iso().zone()))));

    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(8)
                            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
                            .build());

    @TempDir Path folder;

    /**
     * Three CSV files of half a minute each, with gaps, missing values and bad rows; a WAV file
     * that was cut off, a FLAC file with a damaged frame, and a discontinuous EDF file with two
     * rates and annotations.
     */
    @BeforeEach
    void writeRecordings() throws IOException {
        for (int i = 0; i < 3; i++) {
            Random random = new Random(i);
            StringBuilder text = new StringBuilder("t,a,b\n0,0,0\n");
            for (int row = 1; row < ROWS; row++) {
                if (random.nextInt(100) > 0) {
                    String last = random.nextInt(50) > 0 ? "" + random.nextGaussian() : "";
                    text.append(row * 15).append(',').append(row).append(',').append(last);
                    text.append(random.nextInt(70) > 0 ? "\n" : ",ragged\n");
                }
            }
            Files.writeString(folder.resolve("s" + i + ".csv"), text);
        }
        byte[] data = new byte[2 * 100 * 30 + 1];
        new Random(9).nextBytes(data);
        Files.write(
                folder.resolve("voice.wav"),
                new WavFile().fmt(1, 1, 100, 16).chunk("data", 9999, data).bytes());
        Random random = new Random(10);
        FlacEncoder.Encoded song =
                new FlacEncoder(new FlacStreamInfo(64, 100, 2, 24, 3000), true, random)
                        .file(FlacSignals.draw(random, 2, 24, 3000));
        song.bytes()[song.frames().get(9) + 7] ^= 1;
        Files.write(folder.resolve("song.flac"), song.bytes());
        EdfFile edf = EdfFile.edf("EDF+D").signal("a", 100).signal("b", 7).annotations(60);
        for (int second = 0; second < 30; second++) {
            if (second != 10) {
                edf.record(
                        new Random(second).ints(100, -32768, 32768).toArray(),
                        new Random(second).ints(7, -32768, 32768).toArray(),
                        "+%d||_+%d.5|blink %d|_bad_".formatted(second, second, second));
            }
        }
        Files.write(folder.resolve("night.rec"), edf.bytes());
    }

    @Test
    void parallelismDoesNotChangeTheOutput() throws Exception {
        Map<String, List<Received>> expected = readHere(FORMAT);
        assertThat(expected)
                .containsKeys(
                        "frames of s0",
                        "frames of voice",
                        "frames of song",
                        "frames of night/100Hz",
                        "frames of night/7Hz",
                        "annotations of night");

        assertThat(byStream(run(source(), 1, false))).isEqualTo(expected);
        assertThat(byStream(run(source(), 2, false))).isEqualTo(expected);
    }

    @Test
    void aFailedAndRestoredJobGivesWhatAnUndisturbedOneGives() throws Exception {
        assertRestored(source().withPacing(new Pacing(15)), FORMAT, 0);
    }

    @Test
    void aLoopedJobGoesOnInItsLap() throws Exception {
        Looping twice = new Looping(2);

        // No lap has more than 3000 samples.
        assertRestored(
                source().withPacing(new Pacing(40)).withLooping(twice), twice.of(FORMAT), 3100);
    }

    private void assertRestored(RecordedSource source, RecordingFormat format, long behind)
            throws Exception {
        Failing.reset(behind);

        List<Received> received = run(source, 2, true);

        assertThat(Failing.FAILURES).hasValue(1);
        assertThat(Failing.STARTS).as("two tasks, started twice").hasValue(4);
        assertThat(byStream(received)).isEqualTo(readHere(format));
    }

    @Test
    void anUnusableRecordingStopsTheJobWithItsSentence() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.csv"));

        assertThatThrownBy(() -> run(source(), 1, false))
                .hasRootCauseInstanceOf(InvalidInputException.class)
                .hasRootCauseMessage(
                        "recording 'file:" + empty + "' is empty: it needs a header and rows");
    }

    @Test
    void refusedRowsAreCounted() throws Exception {
        long before = countedDeadLetters();

        List<Received> received = run(source(), 2, false);

        long refused = received.stream().filter(each -> each.deadLetter() != null).count();
        assertThat(refused).isPositive();
        assertThat(countedDeadLetters() - before).isEqualTo(refused);
    }

    private static long countedDeadLetters() {
        return METRICS.getMetricsByGroup().values().stream()
                .map(metrics -> metrics.get("deadLetters"))
                .filter(Objects::nonNull)
                .mapToLong(metric -> ((Counter) metric).getCount())
                .sum();
    }

    private RecordedSource source() {
        return RecordedSource.of(folder.toString(), FORMAT);
    }

    private Map<String, List<Received>> readHere(RecordingFormat format) throws IOException {
        List<Received> all = new ArrayList<>();
        for (RecordingDescription found : source().describe()) {
            try (RecordingReader reader =
                    format.open(
                            new org.apache.flink.core.fs.Path(found.path()),
                            found.name(),
                            new byte[0])) {
                for (Received next = reader.next(); next != null; next = reader.next()) {
                    all.add(next);
                }
            }
        }
        return byStream(all);
    }

    private List<Received> run(RecordedSource source, int parallelism, boolean failing)
            throws Exception {
        Configuration configuration = new Configuration();
        configuration.setString("pipeline.generic-types", "false");
        configuration.setString("pipeline.auto-generate-uids", "false");
        configuration.setString("execution.checkpointing.interval", "20ms");
        configuration.setString("restart-strategy.type", failing ? "fixed-delay" : "none");
        configuration.setString("restart-strategy.fixed-delay.attempts", "1");
        configuration.setString("restart-strategy.fixed-delay.delay", "0ms");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        DataStream<Received> received =
                env.fromSource(source, WatermarkStrategy.forMonotonousTimestamps(), "recording")
                        .uid("source");
        if (failing) {
            received = received.map(new Failing()).returns(Received.class).uid("failing");
        }
        SingleOutputStreamOperator<SignalFrame> frames = Ingest.frames(received).uid("ingest");
        DataStream<Received> together =
                frames.map(Received::frame)
                        .returns(Received.class)
                        .uid("frames")
                        .union(
                                frames.getSideOutput(Ingest.DEAD_LETTERS)
                                        .map(Received::refused)
                                        .returns(Received.class)
                                        .uid("refused"),
                                frames.getSideOutput(Ingest.ANNOTATIONS)
                                        .map(Received::annotation)
                                        .returns(Received.class)
                                        .uid("annotations"));
        List<Received> all = new ArrayList<>();
        CloseableIterator<Received> results = together.executeAndCollect();
        try {
            results.forEachRemaining(all::add);
        } finally {
            results.close();
        }
        return all;
    }

    /** Fails once, when a checkpoint holds some of its records but not all. */
    private static final class Failing extends RichMapFunction<Received, Received>
            implements CheckpointListener {
        private static final AtomicInteger STARTS = new AtomicInteger();
        private static final AtomicInteger FAILURES = new AtomicInteger();

        private static volatile long behind;

        private int records;
        private long furthest;

        /**
         * @param sample the number of a sample that has to come before
         */
        static void reset(long sample) {
            behind = sample;
            STARTS.set(0);
            FAILURES.set(0);
        }

        @Override
        public void open(OpenContext context) {
            STARTS.incrementAndGet();
        }

        @Override
        public Received map(Received received) {
            records++;
            if (received.frame() != null) {
                furthest = Math.max(furthest, received.frame().sequence());
            }
            return received;
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            if (records > 40 && furthest >= behind && FAILURES.compareAndSet(0, 1)) {
                throw new IllegalStateException("the failure that the test wants");
            }
        }
    }

    /** What belongs to each stream or file, in its own order; streams have none among them. */
    private static Map<String, List<Received>> byStream(List<Received> received) {
        Map<String, List<Received>> streams = new TreeMap<>();
        for (Received each : received) {
            String key =
                    each.frame() != null
                            ? "frames of " + each.frame().key()
                            : each.annotation() != null
                                    ? "annotations of " + each.annotation().key()
                                    : "refused of " + each.deadLetter().key();
            streams.computeIfAbsent(key, name -> new ArrayList<>()).add(each);
        }
        return streams;
    }
}
