/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

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
        return with(draft -> draft.delimiter = other);
    }

    public CsvOptions withTimeColumn(String other) {
        return with(draft -> draft.timeColumn = other);
    }

    public CsvOptions withTimeFormat(TimeFormat other) {
        return with(draft -> draft.timeFormat = other);
    }

    public CsvOptions withChannels(List<String> other) {
        return with(draft -> draft.channels = other);
    }

    public CsvOptions withRate(SampleRate other) {
        return with(draft -> draft.rate = other);
    }

    /** Each row as a frame with its own time, not on the grid of the rate. */
    public CsvOptions atTheirOwnTimes() {
        return with(draft -> draft.irregular = true);
    }

    public CsvOptions withRange(Instant fromInclusive, Instant toExclusive) {
        return with(
                draft -> {
                    draft.from = fromInclusive;
                    draft.to = toExclusive;
                });
    }

    public CsvOptions withFrameLength(int other) {
        return with(draft -> draft.frameLength = other);
    }

    public CsvOptions withMissing(Set<String> other) {
        return with(draft -> draft.missing = other);
    }

    private CsvOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finished();
    }

    /** Options while one of them is changed. */
    private static final class Draft {
        private char delimiter;
        private String timeColumn;
        private TimeFormat timeFormat;
        private List<String> channels;
        private SampleRate rate;
        private boolean irregular;
        private Instant from;
        private Instant to;
        private int frameLength;
        private Set<String> missing;

        private Draft(CsvOptions options) {
            delimiter = options.delimiter;
            timeColumn = options.timeColumn;
            timeFormat = options.timeFormat;
            channels = options.channels;
            rate = options.rate;
            irregular = options.irregular;
            from = options.from;
            to = options.to;
            frameLength = options.frameLength;
            missing = options.missing;
        }

        private CsvOptions finished() {
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
                    missing);
        }
    }
}
