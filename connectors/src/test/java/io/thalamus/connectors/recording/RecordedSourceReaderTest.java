/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.Received;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.core.io.InputStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedSourceReaderTest {
    private static final long SECOND = 1_000_000_000L;
    private static final CsvFormat FORMAT =
            new CsvFormat(
                    CsvOptions.defaults()
                            .withFrameLength(2)
                            .withTimeFormat(
                                    new TimeFormat(
                                            TimeFormat.EPOCH_SECONDS, TimeFormat.iso().zone())));

    @TempDir Path folder;
    private final ManualClock clock = new ManualClock();
    private final Output output = new Output();

    @Test
    void aFrameIsHandedOnOnceItsLastSampleWouldHaveBeenTaken() throws Exception {
        RecordedSourceReader reader = reader(new Pacing(10));
        reader.addSplits(List.of(recording("a", 1000, 6)));
        reader.notifyNoMoreSplits();

        // Frames of 2 s at ten times real time: one every 200 ms.
        assertThat(drain(reader)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        CompletableFuture<Void> available = reader.isAvailable();
        assertThat(output.records).isEmpty();

        clock.advance(Duration.ofMillis(199));
        assertThat(available).isNotDone();
        assertThat(drain(reader)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        assertThat(output.records).isEmpty();

        available = reader.isAvailable();
        clock.advance(Duration.ofMillis(1));
        assertThat(available).isDone();
        assertThat(drain(reader)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        assertThat(output.records).containsExactly("a 0 at 1000000");

        clock.advance(Duration.ofMillis(400));
        assertThat(reader.isAvailable()).isDone();
        assertThat(drain(reader)).isEqualTo(InputStatus.END_OF_INPUT);
        assertThat(output.records)
                .containsExactly("a 0 at 1000000", "a 2 at 1002000", "a 4 at 1004000");
    }

    @Test
    void everyPaceGivesTheSame() throws Exception {
        List<List<String>> outputs = new ArrayList<>();
        for (Pacing pacing : List.of(Pacing.MAX, new Pacing(1), new Pacing(3.7))) {
            output.records.clear();
            RecordedSourceReader reader = reader(pacing);
            reader.addSplits(List.of(recording("b", 500, 9), recording("a", 1000, 6, 3, 4)));
            reader.notifyNoMoreSplits();
            while (drain(reader) != InputStatus.END_OF_INPUT) {
                clock.advanceToNext();
            }
            outputs.add(List.copyOf(output.records));
        }

        assertThat(outputs.get(0)).hasSize(8);
        assertThat(outputs).containsOnly(outputs.get(0));
    }

    @Test
    void everyPaceGivesTheSameLaps() throws Exception {
        List<List<String>> outputs = new ArrayList<>();
        for (Pacing pacing : List.of(Pacing.MAX, new Pacing(1), new Pacing(3.7))) {
            output.records.clear();
            RecordedSourceReader reader =
                    new RecordedSourceReader(new Looping(2).of(FORMAT), pacing, clock);
            reader.addSplits(List.of(recording("a", 1000, 4), recording("b", 500, 3)));
            reader.notifyNoMoreSplits();
            while (drain(reader) != InputStatus.END_OF_INPUT) {
                clock.advanceToNext();
            }
            outputs.add(List.copyOf(output.records));
        }

        assertThat(outputs.get(0))
                .containsExactly(
                        "a 0 at 1000000",
                        "b 0 at 500000",
                        "b 2 at 502000",
                        "a 2 at 1002000",
                        "b 3 at 503000",
                        "a 4 at 1004000",
                        "b 5 at 505000",
                        "a 6 at 1006000");
        assertThat(outputs).containsOnly(outputs.get(0));
    }

    @Test
    void recordingsPlayAtOnceEachFromItsOwnStart() throws Exception {
        RecordedSourceReader reader = reader(Pacing.MAX);
        reader.addSplits(List.of(recording("b", 500, 4), recording("a", 9000, 6)));
        reader.notifyNoMoreSplits();

        assertThat(drain(reader)).isEqualTo(InputStatus.END_OF_INPUT);
        assertThat(output.records)
                .containsExactly(
                        "a 0 at 9000000",
                        "b 0 at 500000",
                        "a 2 at 9002000",
                        "b 2 at 502000",
                        "a 4 at 9004000");
        assertThat(output.open).isEmpty();
    }

    @Test
    void aRestoredReaderGoesOnWhereTheOtherWasWithoutHurrying() throws Exception {
        RecordedSourceReader first = reader(new Pacing(1));
        first.addSplits(List.of(recording("a", 1000, 20), recording("b", 500, 20)));
        first.notifyNoMoreSplits();
        drain(first);
        clock.advance(Duration.ofSeconds(8));
        drain(first);
        assertThat(output.records).hasSize(8);
        List<RecordingSplit> splits = first.snapshotState(1);
        first.close();
        clock.advance(Duration.ofHours(1));

        RecordedSourceReader second = reader(new Pacing(1));
        second.addSplits(splits);
        second.notifyNoMoreSplits();
        assertThat(drain(second)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        assertThat(output.records).hasSize(8);
        clock.advance(Duration.ofSeconds(2));
        assertThat(drain(second)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        assertThat(output.records)
                .hasSize(10)
                .endsWith("a 8 at 1008000", "b 8 at 508000")
                .doesNotHaveDuplicates();
    }

    @Test
    void aReaderRestoredBeforeWhatIsNoFrameDoesNotWait() throws Exception {
        Path file = folder.resolve("a.csv");
        Files.writeString(file, "t,x\n1000,1\n1001,1\n1002,1\n1003,1\nx\n1004,1\n1005,1\n");
        RecordedSourceReader first = reader(new Pacing(1));
        first.addSplits(List.of(RecordingSplit.whole(file.toString(), "a")));
        first.notifyNoMoreSplits();
        drain(first);
        clock.advance(Duration.ofSeconds(2));
        drain(first);
        assertThat(output.records).hasSize(1);
        clock.advance(Duration.ofSeconds(2));
        first.pollNext(output); // the second frame; the refused row comes next
        List<RecordingSplit> splits = first.snapshotState(1);
        first.close();

        RecordedSourceReader second = reader(new Pacing(1));
        second.addSplits(splits);
        second.notifyNoMoreSplits();
        drain(second);
        assertThat(output.records).hasSize(3).last().asString().startsWith("refused");
        clock.advance(Duration.ofSeconds(2));
        drain(second);
        assertThat(output.records).last().isEqualTo("a 4 at 1004000");
    }

    @Test
    void aSnapshotOfWhatIsNotOpenedYetIsWhatWasAssigned() throws Exception {
        RecordedSourceReader reader = reader(Pacing.MAX);
        RecordingSplit split = recording("a", 1000, 6);
        reader.addSplits(List.of(split));

        assertThat(reader.snapshotState(1)).containsExactly(split);
        reader.notifyNoMoreSplits();
        drain(reader);
        assertThat(reader.snapshotState(2)).isEmpty();
    }

    @Test
    void aReaderWaitsForRecordingsUntilThereAreNoMore() throws Exception {
        RecordedSourceReader reader = reader(Pacing.MAX);

        assertThat(drain(reader)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        CompletableFuture<Void> available = reader.isAvailable();
        assertThat(available).isNotDone();
        reader.addSplits(List.of(recording("a", 1000, 2)));
        assertThat(drain(reader)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        assertThat(output.records).as("another may be on its way").isEmpty();
        available = reader.isAvailable();
        reader.notifyNoMoreSplits();
        assertThat(available).isDone();
        assertThat(drain(reader)).isEqualTo(InputStatus.END_OF_INPUT);
        assertThat(output.records).hasSize(1);
    }

    @Test
    void refusedRowsKeepTheTimeOfTheStream() throws Exception {
        Path file = folder.resolve("a.csv");
        Files.writeString(file, "t,x\n1000,1\n1001,1\n1002,x\n1003,1\n");
        RecordedSourceReader reader = reader(Pacing.MAX);
        reader.addSplits(List.of(RecordingSplit.whole(file.toString(), "a")));
        reader.notifyNoMoreSplits();

        drain(reader);
        assertThat(output.records)
                .containsExactly("a 0 at 1000000", "refused 4 at 1000000", "a 3 at 1003000");
    }

    @Test
    void aRecordingThatDoesNotCloseKeepsNoOtherOpen() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        Watched format =
                new Watched(
                        opened ->
                                new Closing(
                                        opened,
                                        () -> {
                                            if (closed.incrementAndGet() < 3) {
                                                throw new IOException("not " + closed);
                                            }
                                        }));
        RecordedSourceReader reader = new RecordedSourceReader(format, new Pacing(1), clock);
        reader.addSplits(List.of(recording("a", 0, 4), recording("b", 0, 4), recording("c", 0, 4)));
        reader.notifyNoMoreSplits();
        drain(reader);

        assertThatThrownBy(reader::close)
                .hasMessage("not 1")
                .hasSuppressedException(new IOException("not 2"));
        assertThat(closed).hasValue(3);
    }

    /** The records, their order and their times are those of files that are open all the time. */
    @ParameterizedTest
    @ValueSource(doubles = {Double.POSITIVE_INFINITY, 1})
    void moreRecordingsThanMayBeOpenTakeTurns(double speed) throws Exception {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger openings = new AtomicInteger();
        Watched format =
                new Watched(
                        opened -> {
                            openings.incrementAndGet();
                            most.accumulateAndGet(open.incrementAndGet(), Math::max);
                            return new Closing(opened, open::decrementAndGet);
                        });
        List<RecordingSplit> splits = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            splits.add(recording("r" + i, 1000 * i, 150 + 10 * i, 5 + i));
        }
        RecordedSourceReader all = reader(new Pacing(speed));
        all.addSplits(splits);
        all.notifyNoMoreSplits();
        play(all, Integer.MAX_VALUE);
        List<String> expected = List.copyOf(output.records);
        assertThat(expected).hasSizeGreaterThan(7 * 75);

        output.records.clear();
        List<RecordingSplit> left = splits;
        for (int stop : new int[] {3, 200, 333, Integer.MAX_VALUE}) {
            RecordedSourceReader few =
                    new RecordedSourceReader(format, new Pacing(speed), clock, 2);
            few.addSplits(left);
            few.notifyNoMoreSplits();
            play(few, stop);
            left = few.snapshotState(1);
            few.close();
            assertThat(open).hasValue(0);
            output.open.clear();
        }
        assertThat(output.records).isEqualTo(expected);
        assertThat(left).isEmpty();
        assertThat(most).hasValue(2);
        assertThat(openings.get()).isBetween(7 * 4 + 1, 7 * 4 * 5);
    }

    /** Plays on until there are so many records, or no more. */
    private void play(RecordedSourceReader reader, int records) throws Exception {
        InputStatus status = InputStatus.MORE_AVAILABLE;
        while (output.records.size() < records && status != InputStatus.END_OF_INPUT) {
            status = reader.pollNext(output);
            if (status == InputStatus.NOTHING_AVAILABLE) {
                clock.advanceToNext();
            }
        }
    }

    private RecordedSourceReader reader(Pacing pacing) {
        return new RecordedSourceReader(FORMAT, pacing, clock);
    }

    private InputStatus drain(RecordedSourceReader reader) throws Exception {
        InputStatus status = reader.pollNext(output);
        while (status == InputStatus.MORE_AVAILABLE) {
            status = reader.pollNext(output);
        }
        return status;
    }

    private RecordingSplit recording(String name, int start, int rows, Integer... left)
            throws IOException {
        StringBuilder text = new StringBuilder("t,x\n");
        for (int i = 0; i < rows; i++) {
            if (!List.of(left).contains(i)) {
                text.append(start + i).append(',').append(i).append('\n');
            }
        }
        Path file = folder.resolve(name + ".csv");
        Files.writeString(file, text);
        return RecordingSplit.whole(file.toString(), name);
    }

    /** The format with readers that are looked after. */
    private record Watched(UnaryOperator<RecordingReader> watch) implements RecordingFormat {
        @Override
        public boolean accepts(String fileName) {
            return FORMAT.accepts(fileName);
        }

        @Override
        public RecordingDescription describe(org.apache.flink.core.fs.Path path, String streamId)
                throws IOException {
            return FORMAT.describe(path, streamId);
        }

        @Override
        public RecordingReader open(
                org.apache.flink.core.fs.Path path, String streamId, byte[] position)
                throws IOException {
            return watch.apply(FORMAT.open(path, streamId, position));
        }
    }

    /** A reader that does something more when it is closed. */
    private record Closing(RecordingReader reader, Closeable behind) implements RecordingReader {
        @Override
        public long startNanos() {
            return reader.startNanos();
        }

        @Override
        public Received next() throws IOException {
            return reader.next();
        }

        @Override
        public byte[] position() {
            return reader.position();
        }

        @Override
        public void close() throws IOException {
            reader.close();
            behind.close();
        }
    }

    /** A clock that moves when it is told to. */
    private static final class ManualClock implements PacingClock {
        private record Alarm(long nanos, Runnable action) {}

        private final PriorityQueue<Alarm> alarms =
                new PriorityQueue<>(Comparator.comparingLong(Alarm::nanos));
        private long now = Long.MAX_VALUE - SECOND; // a clock of this kind may wrap around

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void at(long nanos, Runnable action) {
            alarms.add(new Alarm(nanos - now, action));
        }

        void advance(Duration duration) {
            List<Alarm> later = new ArrayList<>();
            alarms.forEach(
                    alarm -> {
                        if (alarm.nanos() <= duration.toNanos()) {
                            alarm.action().run();
                        } else {
                            later.add(
                                    new Alarm(alarm.nanos() - duration.toNanos(), alarm.action()));
                        }
                    });
            alarms.clear();
            alarms.addAll(later);
            now += duration.toNanos();
        }

        void advanceToNext() {
            advance(Duration.ofNanos(alarms.element().nanos()));
        }

        @Override
        public void close() {}
    }

    /** Keeps what a reader gives. */
    private static final class Output implements ReaderOutput<Received> {
        private final List<String> records = new ArrayList<>();
        private final Map<String, SourceOutput<Received>> open = new HashMap<>();

        @Override
        public SourceOutput<Received> createOutputForSplit(String splitId) {
            return open.computeIfAbsent(splitId, id -> this);
        }

        @Override
        public void releaseOutputForSplit(String splitId) {
            open.remove(splitId);
        }

        @Override
        public void collect(Received received, long timestamp) {
            records.add(
                    received.frame() != null
                            ? received.frame().streamId()
                                    + " "
                                    + received.frame().sequence()
                                    + " at "
                                    + timestamp
                            : "refused " + received.deadLetter().position() + " at " + timestamp);
        }

        @Override
        public void collect(Received received) {
            throw new AssertionError("a record without its time");
        }

        @Override
        public void emitWatermark(Watermark watermark) {
            throw new AssertionError("watermarks are the strategy's");
        }

        @Override
        public void markIdle() {
            throw new AssertionError("a recording is never idle");
        }

        @Override
        public void markActive() {
            throw new AssertionError("a recording is never idle");
        }
    }
}
