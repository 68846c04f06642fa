/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.fs.FSDataInputStream;

/**
 * The lines of a file with their byte offsets and numbers. A line longer than {@link #LONGEST}
 * bytes comes in pieces, so memory is bounded whatever the file.
 */
final class CsvLines implements Closeable {
    static final int LONGEST = 1 << 20;

    private static final int FIRST_CAPACITY = 1 << 16;

    private final FSDataInputStream in;
    private byte[] buffer = new byte[FIRST_CAPACITY];
    private long bufferOffset;
    private int filled;

    private Mark current = new Mark(0, 1, false);
    private int start;
    private int end;
    private boolean cut;

    private int next;
    private long nextNumber = 1;
    private boolean repeated;

    /**
     * Where a line, or a piece of one, begins.
     *
     * @param offset of its first byte in the file
     * @param number of the line, from 1
     * @param continued whether it goes on with a line that began before
     */
    record Mark(long offset, long number, boolean continued) {}

    CsvLines(FSDataInputStream in) {
        this.in = in;
    }

    /** Goes on from a mark. */
    void seek(Mark mark) throws IOException {
        in.seek(mark.offset());
        bufferOffset = mark.offset();
        filled = 0;
        next = 0;
        nextNumber = mark.number();
        cut = mark.continued();
        repeated = false;
    }

    /** Goes to the next line; false at the end of the file. */
    boolean advance() throws IOException {
        if (repeated) {
            repeated = false;
            return true;
        }
        int scanned = next;
        while (true) {
            for (int i = scanned; i < filled; i++) {
                if (buffer[i] == '\n') {
                    take(i, i + 1, false);
                    return true;
                }
            }
            if (filled - next >= LONGEST) {
                take(filled, filled, true);
                return true;
            }
            scanned = filled - next;
            if (!fill()) {
                if (next == filled) {
                    return false;
                }
                take(filled, filled, false);
                return true;
            }
        }
    }

    private void take(int lineEnd, int following, boolean cutHere) {
        current = new Mark(bufferOffset + next, nextNumber, cut);
        start = next;
        end = !cutHere && lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        next = following;
        cut = cutHere;
        if (!cutHere) {
            nextNumber++;
        }
    }

    /** Moves what is not used yet to the buffer's start and reads more; false at the end. */
    private boolean fill() throws IOException {
        if (next > 0) {
            System.arraycopy(buffer, next, buffer, 0, filled - next);
            bufferOffset += next;
            filled -= next;
            next = 0;
        }
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            return false;
        }
        filled += read;
        return true;
    }

    /** The next {@link #advance()} stays at this line. */
    void repeat() {
        repeated = true;
    }

    /** Where the present line begins. */
    Mark mark() {
        return current;
    }

    /** Where {@link #advance()} goes. */
    Mark following() {
        return repeated ? current : new Mark(bufferOffset + next, nextNumber, cut);
    }

    /** Whether the present line is a piece of one that is too long. */
    boolean isPiece() {
        return cut || current.continued();
    }

    boolean isBlank() {
        for (int i = start; i < end; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Splits the present line; false if a quote in it is broken. */
    boolean split(CsvFields fields) {
        return fields.split(buffer, start, end);
    }

    /** The present line's bytes without its end. */
    byte[] bytes() {
        return Arrays.copyOfRange(buffer, start, end);
    }

    /** Passes over the mark that some programs put before UTF-8; false if it is that of UTF-16. */
    boolean skipByteOrderMark() {
        if (startsWith(0xFE, 0xFF) || startsWith(0xFF, 0xFE)) {
            return false;
        }
        if (startsWith(0xEF, 0xBB, 0xBF)) {
            start += 3;
        }
        return true;
    }

    private boolean startsWith(int... prefix) {
        if (end - start < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if ((buffer[start + i] & 0xff) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
