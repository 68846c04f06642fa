/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The fields of one line, as spans of its bytes; used again for the next line. */
final class CsvFields {
    private final byte delimiter;
    private byte[] line;
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private int count;

    CsvFields(char delimiter) {
        this.delimiter = (byte) delimiter;
    }

    /** Takes a line; false if a quoted field is not closed, or text follows its closing quote. */
    boolean split(byte[] bytes, int from, int to) {
        line = bytes;
        count = 0;
        int at = from;
        while (true) {
            int first = at;
            while (first < to && isSpace(bytes[first])) {
                first++;
            }
            int last;
            if (first < to && bytes[first] == '"') {
                last = closingQuote(first + 1, to);
                if (last < 0) {
                    return false;
                }
                at = last + 1;
                while (at < to && isSpace(bytes[at])) {
                    at++;
                }
                if (at < to && bytes[at] != delimiter) {
                    return false;
                }
                last++;
            } else {
                at = first;
                while (at < to && bytes[at] != delimiter) {
                    at++;
                }
                last = at;
                while (last > first && isSpace(bytes[last - 1])) {
                    last--;
                }
            }
            add(first, last);
            if (at >= to) {
                return true;
            }
            at++;
        }
    }

    private boolean isSpace(byte value) {
        return (value == ' ' || value == '\t') && value != delimiter;
    }

    private int closingQuote(int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] == '"') {
                if (i + 1 < to && line[i + 1] == '"') {
                    i++;
                } else {
                    return i;
                }
            }
        }
        return -1;
    }

    private void add(int start, int end) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        starts[count] = start;
        ends[count] = end;
        count++;
    }

    int count() {
        return count;
    }

    /** A field's text, without quotes and the blanks around it. */
    String text(int field) {
        int start = starts[field];
        int end = ends[field];
        if (end > start && line[start] == '"') {
            return new String(line, start + 1, end - start - 2, StandardCharsets.UTF_8)
                    .replace("\"\"", "\"");
        }
        return new String(line, start, end - start, StandardCharsets.UTF_8);
    }
}
