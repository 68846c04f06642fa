/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.ToLongFunction;
import org.apache.flink.core.fs.Path;

/** Reads rows into frames, as {@link CsvFormat} says. */
final class CsvReader implements RecordingReader {
    private final Path path;
    private final String streamId;
    private final CsvLines lines;
    private final CsvHeader header;
    private final CsvOptions options;
    private final CsvHead head;
    private final CsvFields fields;
    private final ToLongFunction<String> times;
    private final float[] row;
    private long rowNanos;
    private long lastIndex;

    /** The frame being filled: one stretch of {@code frameLength} values for each channel. */
    private final float[] samples;

    private int length;
    private long firstIndex;
    private long firstNanos;
    private boolean missing;
    private CsvPosition frameStart;
    private int given;

    CsvReader(
            Path path,
            String streamId,
            CsvLines lines,
            CsvHeader header,
            CsvOptions options,
            CsvPosition start)
            throws IOException {
        this.path = path;
        this.streamId = streamId;
        this.lines = lines;
        this.header = header;
        this.options = options;
        this.head = start.head();
        this.fields = new CsvFields(options.delimiter());
        this.times = options.timeFormat().parser();
        this.row = new float[header.channels().size()];
        this.lastIndex = start.lastIndex();
        this.samples = new float[Math.multiplyExact(row.length, options.frameLength())];
        lines.seek(start.mark());
        for (int i = 0; i < start.given(); i++) {
            next();
        }
    }

    @Override
    public long startNanos() {
        return head.startNanos();
    }

    @Override
    public byte[] position() {
        CsvPosition position =
                length == 0
                        ? new CsvPosition(lines.following(), 0, lastIndex, head)
                        : new CsvPosition(frameStart.mark(), given, frameStart.lastIndex(), head);
        return position.encode();
    }

    @Override
    public Received next() throws IOException {
        while (lines.advance()) {
            if (lines.isBlank()) {
                continue;
            }
            Row read = readRow();
            if (read.refused() != null) {
                given++;
                return Received.refused(read.refused());
            }
            if (read == Row.PASSED_OVER) {
                continue;
            }
            if (length > 0 && read.index() != lastIndex + 1) {
                lines.repeat();
                return finishFrame();
            }
            append(read.index());
            if ((read.index() + 1) % options.frameLength() == 0) {
                return finishFrame();
            }
        }
        return length > 0 ? finishFrame() : null;
    }

    /** What a line is: a sample of this number, whose values are in {@link #row}; or neither. */
    private record Row(long index, DeadLetter refused) {
        static final Row PASSED_OVER = new Row(-1, null);
    }

    private Row readRow() {
        if (lines.isPiece()) {
            return refuse(
                    0,
                    "long line",
                    "the line is longer than %d bytes; this is the piece at byte %d of the file",
                    CsvLines.LONGEST,
                    lines.mark().offset());
        }
        if (!lines.split(fields)) {
            return refuse(
                    0, "broken quote", "a quoted field is not closed, or text follows its end");
        }
        boolean ragged = fields.count() != header.width();
        long time = 0;
        if (fields.count() > header.timeColumn()) {
            String text = fields.text(header.timeColumn());
            try {
                time = times.applyAsLong(text);
            } catch (DateTimeException e) {
                return ragged
                        ? refuseRagged(0)
                        : refuse(
                                0,
                                "bad time",
                                "'%s' in column '%s' does not read as %s",
                                text,
                                header.timeName(),
                                options.timeFormat().pattern());
            }
            if (isOutside(time)) {
                return Row.PASSED_OVER;
            }
        }
        if (ragged) {
            return refuseRagged(time);
        }
        if (options.irregular()) {
            rowNanos = time;
            return hasEnd(time, 1) ? values(lastIndex + 1, time) : refuseFar(time);
        }
        long index;
        try {
            index = head.rate().samplesIn(Math.subtractExact(time, head.startNanos()));
        } catch (ArithmeticException e) {
            return refuseFar(time);
        }
        if (index <= lastIndex) {
            return refuseOrder(time, index);
        }
        if (!hasEnd(head.startNanos(), index + 1)) {
            return refuseFar(time);
        }
        rowNanos = head.startNanos() + head.rate().nanosOf(index);
        return values(index, time);
    }

    private Row values(long index, long time) {
        for (int channel = 0; channel < row.length; channel++) {
            String text = fields.text(header.channelColumns()[channel]);
            if (options.missing().contains(text)) {
                row[channel] = Float.NaN;
                continue;
            }
            try {
                row[channel] = number(text);
            } catch (NumberFormatException e) {
                return refuse(
                        time,
                        "bad number",
                        "'%s' in column '%s' is no number of 32 bits",
                        text,
                        header.channels().get(channel));
            }
        }
        return new Row(index, null);
    }

    /** Whether there is a time so many samples after another; all before it then have one. */
    private boolean hasEnd(long nanos, long samples) {
        try {
            Math.addExact(nanos, head.rate().nanosOf(samples));
            return true;
        } catch (ArithmeticException e) {
            return false;
        }
    }

    private boolean isOutside(long nanos) {
        if (options.from() == null && options.to() == null) {
            return false;
        }
        Instant time = Instant.ofEpochSecond(0, nanos);
        return (options.from() != null && time.isBefore(options.from()))
                || (options.to() != null && !time.isBefore(options.to()));
    }

    /** Stricter than Java, which takes {@code 1f}, hexadecimal digits and infinity too. */
    private static float number(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                throw new NumberFormatException(text);
            }
        }
        float value = Float.parseFloat(text);
        if (Float.isInfinite(value)) {
            throw new NumberFormatException(text);
        }
        return value;
    }

    private Row refuseRagged(long time) {
        return refuse(
                time,
                "ragged row",
                "the row has %d fields where the header has %d",
                fields.count(),
                header.width());
    }

    private Row refuseFar(long time) {
        return refuse(time, "bad time", "the row lies too far from the recording's start");
    }

    private Row refuseOrder(long time, long index) {
        return index == lastIndex
                ? refuse(
                        time,
                        "duplicate time",
                        "the row falls on sample %d as the row before it does, at %s; if it is no"
                                + " duplicate, set interval or rate to the true one",
                        index,
                        head.rate())
                : refuse(
                        time,
                        "time goes back",
                        "the row falls on sample %d, after sample %d: sort the rows by time",
                        index,
                        lastIndex);
    }

    private Row refuse(long time, String error, String reason, Object... values) {
        return new Row(
                -1,
                new DeadLetter(
                        path.toString(),
                        0,
                        lines.mark().number(),
                        time,
                        RecordedSource.STAGE,
                        error,
                        BinaryFile.sentence(reason, values),
                        lines.bytes()));
    }

    private void append(long index) {
        if (length == 0) {
            frameStart = new CsvPosition(lines.mark(), 0, lastIndex, head);
            given = 0;
            firstIndex = index;
            firstNanos = rowNanos;
            missing = false;
        }
        for (int channel = 0; channel < row.length; channel++) {
            samples[channel * options.frameLength() + length] = row[channel];
            missing |= Float.isNaN(row[channel]);
        }
        length++;
        lastIndex = index;
    }

    private Received finishFrame() {
        float[] values = new float[row.length * length];
        for (int channel = 0; channel < row.length; channel++) {
            System.arraycopy(
                    samples, channel * options.frameLength(), values, channel * length, length);
        }
        length = 0;
        return Received.frame(
                new SignalFrame(
                        streamId,
                        firstIndex,
                        0,
                        firstNanos,
                        head.rate(),
                        header.channels(),
                        values,
                        missing ? Quality.MISSING.bit() : 0));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
