/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.IOUtils;

/**
 * Plays the recordings assigned to it, all at once, in the task's own thread: reading the next
 * frame of a file takes no longer than handing it on, so there is nothing for a second thread to
 * do. Where a record is not due yet the reader says that it has nothing, and completes its
 * availability when it is due.
 */
final class RecordedSourceReader implements SourceReader<Received, RecordingSplit> {
    private final RecordingFormat format;
    private final Pacing pacing;
    private final PacingClock clock;
    private final OpenRecordings opened;
    private final Queue<RecordingSplit> unopened = new ArrayDeque<>();
    private final PriorityQueue<Playback> playing = new PriorityQueue<>(Playback.BY_ELAPSED_TIME);
    private CompletableFuture<Void> available = CompletableFuture.completedFuture(null);
    private boolean noMoreSplits;
    private boolean started;
    private long startOfPlay;

    RecordedSourceReader(RecordingFormat format, Pacing pacing, PacingClock clock) {
        this(format, pacing, clock, OpenRecordings.MOST);
    }

    /**
     * @param mostOpen how many files are open at a time
     */
    RecordedSourceReader(RecordingFormat format, Pacing pacing, PacingClock clock, int mostOpen) {
        this.opened = new OpenRecordings(mostOpen);
        this.format = format;
        this.pacing = pacing;
        this.clock = clock;
    }

    @Override
    public void start() {}

    @Override
    public InputStatus pollNext(ReaderOutput<Received> output) throws Exception {
        open(output);
        Playback next = playing.peek();
        if (next == null) {
            return noMoreSplits ? InputStatus.END_OF_INPUT : nothingAvailable();
        }
        if (!pacing.isMax()) {
            long due = startOfPlay + pacing.playNanos(next.elapsedNanos());
            if (clock.nanos() - due < 0) {
                InputStatus nothing = nothingAvailable();
                CompletableFuture<Void> whenDue = available;
                clock.at(due, () -> whenDue.complete(null));
                return nothing;
            }
        }
        playing.remove();
        output.createOutputForSplit(next.splitId()).collect(next.record(), next.timestampMillis());
        playOn(next, output);
        return InputStatus.MORE_AVAILABLE;
    }

    /**
     * Opens what has been assigned, once all of it has: a reader that failed for one recording
     * while another was still on its way to it would let the job fail for the one that did not
     * arrive. The moment that play starts from is then set: after a restart the recordings go on
     * where they were, without hurrying through what was played. What comes before it is known
     * where they were is not held back.
     */
    private void open(ReaderOutput<Received> output) throws Exception {
        if (!noMoreSplits) {
            return;
        }
        while (!unopened.isEmpty()) {
            RecordingSplit split = unopened.peek();
            Playback playback = new Playback(split, format, opened);
            unopened.remove();
            // Registered before any record is out, so that no recording is late behind another.
            output.createOutputForSplit(playback.splitId());
            playOn(playback, output);
        }
        if (!started) {
            OptionalLong played =
                    playing.stream()
                            .filter(Playback::isTimeKnown)
                            .mapToLong(Playback::playedNanos)
                            .min();
            started = played.isPresent();
            startOfPlay = clock.nanos() - pacing.playNanos(played.orElse(0));
        }
    }

    private void playOn(Playback playback, ReaderOutput<Received> output) throws Exception {
        boolean more = false;
        try {
            more = playback.advance();
        } finally {
            if (!more) {
                playback.close();
            }
        }
        if (more) {
            playing.add(playback);
        } else {
            output.releaseOutputForSplit(playback.splitId());
        }
    }

    private InputStatus nothingAvailable() {
        available = new CompletableFuture<>();
        return InputStatus.NOTHING_AVAILABLE;
    }

    @Override
    public List<RecordingSplit> snapshotState(long checkpointId) {
        List<RecordingSplit> splits = new ArrayList<>(unopened);
        playing.forEach(playback -> splits.add(playback.split()));
        return splits;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return available;
    }

    @Override
    public void addSplits(List<RecordingSplit> splits) {
        unopened.addAll(splits);
    }

    @Override
    public void notifyNoMoreSplits() {
        noMoreSplits = true;
        available.complete(null);
    }

    @Override
    public void close() throws IOException {
        clock.close();
        try {
            IOUtils.closeAll(playing);
        } catch (Exception e) {
            ExceptionUtils.rethrowIOException(e);
        }
    }
}
