/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Queue;
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

    /** How many records are read at once where files have to be opened again and again. */
    private static final int AHEAD = 32;

    private final RecordingSplit split;
    private final RecordingFormat format;
    private final OpenRecordings opened;
    private final Queue<Ahead> ahead = new ArrayDeque<>(1);
    private final long startNanos;

    /** Null while the file is closed. */
    private RecordingReader reader;

    /** Where the reader goes on, or the next one will. */
    private byte[] next;

    private Ahead current;
    private boolean suspended;
    private long elapsedNanos;
    private long eventNanos;
    private boolean timeKnown;

    /**
     * A record that was read.
     *
     * @param position where it comes again
     */
    private record Ahead(byte[] position, Received record) {}

    Playback(RecordingSplit split, RecordingFormat format, OpenRecordings opened)
            throws IOException {
        this.split = split;
        this.format = format;
        this.opened = opened;
        this.next = split.position();
        open();
        this.startNanos = reader.startNanos();
        this.eventNanos = startNanos;
        this.timeKnown = split.position().length == 0;
    }

    private void open() throws IOException {
        opened.opening(this);
        reader = format.open(new Path(split.path()), split.name(), next);
    }

    /** Closes the file until it is read again. */
    void suspend() throws IOException {
        next = reader.position();
        suspended = true;
        reader.close();
        reader = null;
    }

    String splitId() {
        return split.splitId();
    }

    /** The split from which {@link #record()} comes again. */
    RecordingSplit split() {
        return split.at(current.position());
    }

    /** Goes to the next record; false at the end. */
    boolean advance() throws IOException {
        if (ahead.isEmpty()) {
            readAhead();
        }
        current = ahead.remove();
        Received record = current.record();
        if (record != null && record.frame() != null) {
            timeKnown = true;
            eventNanos = record.frame().eventNanos();
            elapsedNanos = Math.max(elapsedNanos, record.frame().endNanos() - startNanos);
        }
        return record != null;
    }

    /** Reads one record, or several if the file will be closed soon. */
    private void readAhead() throws IOException {
        if (reader == null) {
            open();
        } else {
            opened.reading(this);
        }
        Received record;
        do {
            byte[] position = reader.position();
            record = reader.next();
            ahead.add(new Ahead(position, record));
        } while (record != null && suspended && ahead.size() < AHEAD);
    }

    Received record() {
        return current.record();
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
        return eventNanos - startNanos;
    }

    @Override
    public void close() throws IOException {
        opened.closed(this);
        if (reader != null) {
            reader.close();
        }
    }
}
