/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import java.io.Closeable;
import java.io.IOException;
import java.util.Comparator;
import org.apache.flink.core.fs.Path;

/** One recording while it is played: its reader, and the record that comes next. */
final class Playback implements Closeable {

    /**
     * All recordings play at once, each from its own start. The id makes the order of one reader's
     * records the same in every run.
     */
    static final Comparator<Playback> BY_ELAPSED_TIME =
            Comparator.<Playback>comparingLong(playback -> playback.elapsedNanos)
                    .thenComparing(playback -> playback.split.splitId());

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final RecordingSplit split;
    private final RecordingReader reader;
    private Received next;
    private byte[] position;
    private long elapsedNanos;
    private long eventNanos;
    private boolean timeKnown;

    Playback(RecordingSplit split, RecordingFormat format) throws IOException {
        this.split = split;
        this.reader = format.open(new Path(split.path()), split.name(), split.position());
        this.eventNanos = reader.startNanos();
        this.timeKnown = split.position().length == 0;
    }

    String splitId() {
        return split.splitId();
    }

    /** The split from which {@link #record()} comes again. */
    RecordingSplit split() {
        return split.at(position);
    }

    /** Goes to the next record; false at the end. */
    boolean advance() throws IOException {
        position = reader.position();
        next = reader.next();
        if (next != null && next.frame() != null) {
            timeKnown = true;
            eventNanos = next.frame().eventNanos();
            elapsedNanos = Math.max(elapsedNanos, next.frame().endNanos() - reader.startNanos());
        }
        return next != null;
    }

    Received record() {
        return next;
    }

    /**
     * The frame's time; what is no frame has that of the frame before it. An annotation may lie far
     * ahead of the frames that come next, which it must not make late.
     */
    long timestampMillis() {
        return Math.floorDiv(eventNanos, NANOS_PER_MILLI);
    }

    /**
     * The time from the recording's start to the end of its next frame: as with a live stream, a
     * frame is there once its last sample has been taken. What is no frame comes right behind the
     * frame before it.
     */
    long elapsedNanos() {
        return elapsedNanos;
    }

    /** Whether it is known how far this recording was played: after a restart, a frame tells. */
    boolean isTimeKnown() {
        return timeKnown;
    }

    /** The time from the recording's start to the start of its next frame. */
    long playedNanos() {
        return eventNanos - reader.startNanos();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
