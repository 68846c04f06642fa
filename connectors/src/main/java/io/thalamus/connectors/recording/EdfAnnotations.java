/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * The time-stamped annotation lists in the bytes of one annotation signal of one data record, as
 * section 2.2 of the EDF+ specification lays them out: {@code onset [0x15 duration] 0x14 text 0x14
 * text 0x14 ... 0x00}, again and again. They are found one by one, so that a record full of them
 * needs no memory.
 */
final class EdfAnnotations {
    private static final byte TEXT = 0x14;
    private static final byte DURATION = 0x15;

    /** Bytes of a list at most. */
    private static final int LONGEST = 1 << 16;

    private static final Pattern SECONDS = Pattern.compile("[+-]?\\d{1,20}(\\.\\d{0,20})?");

    private byte[] record;
    private int end;

    /** The present list's bytes are {@code [first, last)}. */
    private int first;

    private int last;
    private int nextText;
    private boolean whole;
    private long onsetNanos;
    private long durationNanos;
    private String text;

    /** Goes to the front of a signal's bytes. */
    void reset(byte[] bytes, int from, int to) {
        record = bytes;
        end = to;
        first = from;
        last = from;
        whole = false;
        text = null;
    }

    /** Goes to the next list; false if there is none. */
    boolean advanceList() {
        first = last;
        while (first < end && record[first] == 0) {
            first++;
        }
        last = first;
        while (last < end && record[last] != 0) {
            last++;
        }
        nextText = first;
        whole = first < last && last - first <= LONGEST && readOnset();
        return first < last;
    }

    /** Whether the present list is one. */
    boolean isWhole() {
        return whole;
    }

    private boolean readOnset() {
        if (record[last - 1] != TEXT) {
            return false;
        }
        int onsetEnd = find(first, TEXT);
        int separator = find(first, DURATION);
        durationNanos = 0;
        try {
            if (separator < onsetEnd) {
                onsetNanos = nanos(first, separator);
                durationNanos = nanos(separator + 1, onsetEnd);
            } else {
                onsetNanos = nanos(first, onsetEnd);
            }
        } catch (ArithmeticException e) {
            return false;
        }
        nextText = onsetEnd + 1;
        return durationNanos >= 0;
    }

    /** The index of the first such byte in the list, or its end. */
    private int find(int from, byte value) {
        int at = from;
        while (at < last && record[at] != value) {
            at++;
        }
        return at;
    }

    private long nanos(int from, int to) {
        String written = new String(record, from, to - from, StandardCharsets.ISO_8859_1);
        if (!SECONDS.matcher(written).matches()) {
            throw new ArithmeticException("no seconds");
        }
        return new BigDecimal(written)
                .movePointRight(9)
                .setScale(0, RoundingMode.HALF_EVEN)
                .longValueExact();
    }

    /**
     * Goes to the next text of the present list; false if there is none. Empty ones say nothing.
     */
    boolean advanceText() {
        while (whole && nextText < last) {
            int from = nextText;
            int to = find(from, TEXT);
            nextText = to + 1;
            if (to > from) {
                text = BinaryFile.text(record, from, to);
                return true;
            }
        }
        return false;
    }

    /** Since the file's start. */
    long onsetNanos() {
        return onsetNanos;
    }

    long durationNanos() {
        return durationNanos;
    }

    String text() {
        return text;
    }

    /** The index of the present list's first byte. */
    int first() {
        return first;
    }

    /** The present list's bytes, or the first of them. */
    byte[] bytes() {
        return Arrays.copyOfRange(record, first, Math.min(last, first + LONGEST));
    }
}
