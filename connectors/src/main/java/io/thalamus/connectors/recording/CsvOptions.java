/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * How a CSV file is a recording.
 *
 * @param delimiter what stands between fields: one ASCII character
 * @param timeColumn the column of the rows' times; null is the first
 * @param timeFormat how they are written
 * @param channels the columns to read as channels, in this order; empty is all but the time column
 * @param rate the sample rate; null infers it: one sample every D, where D is the most frequent
 *     positive difference between the times of consecutive rows among the first {@value
 *     CsvHead#LINES} lines below the header, the smallest of equally frequent ones
 * @param irregular whether each row has a time of its own, as readings do that come when they
 *     please: a frame of one sample with the row's time and the row's number, in the order of the
 *     file. The rate is then nominal. If not, rows are put on the grid of the rate
 * @param from rows before this time are passed over; null is the start
 * @param to rows at this time or later are passed over; null is the end
 * @param frameLength samples of a frame, unless a gap or the end cuts it short; 1 if irregular
 * @param missing what stands for a missing value
 */
public record CsvOptions(
        char delimiter,
        String timeColumn,
        TimeFormat timeFormat,
        List<String> channels,
        SampleRate rate,
        boolean irregular,
        Instant from,
        Instant to,
        int frameLength,
        Set<String> missing)
        implements Serializable {

    private static final int LONGEST_FRAME = 1 << 20;

    public CsvOptions {
        if (delimiter > 0x7e || delimiter == '"' || (delimiter < ' ' && delimiter != '\t')) {
            throw new InvalidInputException(
                    "a delimiter is one ASCII character such as , ; or a tab, not '"
                            + delimiter
                            + "'");
        }
        if (frameLength < 1 || frameLength > LONGEST_FRAME) {
            throw new InvalidInputException(
                    "a frame holds 1 to " + LONGEST_FRAME + " samples, not " + frameLength);
        }
        if (from != null && to != null && !from.isBefore(to)) {
            throw new InvalidInputException(
                    "no time lies from " + from + " to " + to + ": the end has to be later");
        }
        if (Set.copyOf(channels).size() < channels.size()) {
            throw new InvalidInputException(
                    "the channels " + channels + " name one twice: name each once");
        }
        frameLength = irregular ? 1 : frameLength;
        channels = List.copyOf(channels);
        missing = Set.copyOf(missing);
    }

    /**
     * Commas; the time in the first column as ISO 8601 in UTC; all other columns as channels; the
     * rate inferred; all rows; frames of 256 samples; an empty field, {@code NaN}, {@code nan},
     * {@code NA}, {@code N/A}, {@code null} and {@code NULL} for a missing value.
     */
    public static CsvOptions defaults() {
        return new CsvOptions(
                ',',
                null,
                TimeFormat.iso(),
                List.of(),
                null,
                false,
                null,
                null,
                256,
                Set.of("", "NaN", "nan", "NA", "N/A", "null", "NULL"));
    }

    public CsvOptions withDelimiter(char other) {
        return new CsvOptions(
                other,
                timeColumn,
                timeFormat,
                channels,
                rate,
                irregular,
                from,
                to,
                frameLength,
                missing);
    }

    public CsvOptions withTimeColumn(String other) {
        return new CsvOptions(
                delimiter,
                other,
                timeFormat,
                channels,
                rate,
                irregular,
                from,
                to,
                frameLength,
                missing);
    }

    public CsvOptions withTimeFormat(TimeFormat other) {
        return new CsvOptions(
                delimiter,
                timeColumn,
                other,
                channels,
                rate,
                irregular,
                from,
                to,
                frameLength,
                missing);
    }

    public CsvOptions withChannels(List<String> other) {
        return new CsvOptions(
                delimiter,
                timeColumn,
                timeFormat,
                other,
                rate,
                irregular,
                from,
                to,
                frameLength,
                missing);
    }

    public CsvOptions withRate(SampleRate other) {
        return new CsvOptions(
                delimiter,
                timeColumn,
                timeFormat,
                channels,
                other,
                irregular,
                from,
                to,
                frameLength,
                missing);
    }

    /** Each row as a frame with its own time, not on the grid of the rate. */
    public CsvOptions atTheirOwnTimes() {
        return new CsvOptions(
                delimiter, timeColumn, timeFormat, channels, rate, true, from, to, 1, missing);
    }

    public CsvOptions withRange(Instant fromInclusive, Instant toExclusive) {
        return new CsvOptions(
                delimiter,
                timeColumn,
                timeFormat,
                channels,
                rate,
                irregular,
                fromInclusive,
                toExclusive,
                frameLength,
                missing);
    }

    public CsvOptions withFrameLength(int other) {
        return new CsvOptions(
                delimiter,
                timeColumn,
                timeFormat,
                channels,
                rate,
                irregular,
                from,
                to,
                other,
                missing);
    }

    public CsvOptions withMissing(Set<String> other) {
        return new CsvOptions(
                delimiter,
                timeColumn,
                timeFormat,
                channels,
                rate,
                irregular,
                from,
                to,
                frameLength,
                other);
    }
}
