/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.file;

import com.fasterxml.jackson.core.io.NumberOutput;

/** Rows that are written cell by cell, as RFC 4180 says, but for the line ends. */
final class CsvRows {
    private final StringBuilder text = new StringBuilder();
    private boolean begun;

    /** A text, quoted where it has to be. */
    CsvRows text(String value) {
        boolean plain =
                value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return raw(plain ? value : '"' + value.replace("\"", "\"\"") + '"');
    }

    CsvRows number(long value) {
        return raw(Long.toString(value));
    }

    /** The shortest number that reads back as the same bits, whichever Java runs. */
    CsvRows number(double value) {
        return raw(NumberOutput.toString(value, true));
    }

    /** The same; empty if it is missing. */
    CsvRows number(float value) {
        return raw(Float.isNaN(value) ? "" : NumberOutput.toString(value, true));
    }

    CsvRows time(long nanos) {
        return raw(IsoTime.of(nanos));
    }

    CsvRows empty() {
        return raw("");
    }

    /**
     * A cell for each channel.
     *
     * @param values {@code channels x length}
     * @param index of the sample
     */
    CsvRows column(float[] values, int index, int length) {
        for (int i = index; i < values.length; i += length) {
            number(values[i]);
        }
        return this;
    }

    CsvRows end() {
        text.append('\n');
        begun = false;
        return this;
    }

    private CsvRows raw(String cell) {
        if (begun) {
            text.append(',');
        }
        text.append(cell);
        begun = true;
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
