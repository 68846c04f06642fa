/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.flink.core.fs.Path;

/**
 * One EDF+ or BDF+ file that is being written: of frames of one shape, or of annotations alone.
 *
 * <p>A data record that a run of frames does not fill is filled up with its last values, and {@link
 * EdfFill} says so in it, so that they are not read as samples. Data records have the times of the
 * frames that their first samples come from.
 */
final class EdfPart implements Closeable {
    /** Bytes of annotations in a data record at most where there is nothing else in it. */
    private static final int ANNOTATIONS_ALONE = 60_000;

    private static final long SECOND = 1_000_000_000L;

    private final RecordingTarget target;
    private final String streamId;
    private final int sampleBytes;
    private final Path path;
    private final Spool frames;
    private final Spool annotations;
    private int longestList;
    private long listBytes;
    private long firstAnnotation;

    // Of annotations alone until the first frame comes.
    private EdfLayout layout = EdfLayout.NONE;
    private EdfRange[] ranges = {};
    private SignalFrame last;

    /** The onsets of the data records, and how many samples of the last are there. */
    private long[] onsets = new long[64];

    private int records;
    private int filled;

    EdfPart(RecordingTarget target, String streamId, int sampleBytes) throws IOException {
        this.target = target;
        this.streamId = streamId;
        this.sampleBytes = sampleBytes;
        this.path = target.next(streamId, sampleBytes == 2 ? ".edf" : ".bdf");
        this.frames = new Spool(target.scratchFile());
        this.annotations = new Spool(target.scratchFile());
    }

    /** Whether a frame can be in this file. */
    boolean takes(SignalFrame frame) {
        return last == null
                || RecordingWriter.follows(last, frame)
                || (frame.rate().equals(last.rate())
                        && frame.channels().equals(last.channels())
                        && frame.startNanos() - endNanos() > EdfHeader.TOLERANCE_NANOS);
    }

    /** The end of the last data record when it is filled up. */
    private long endNanos() {
        return onsets[records - 1] + last.rate().nanosOf(layout.length());
    }

    void write(SignalFrame frame) throws IOException {
        if (last == null) {
            layout = EdfLayout.of(frame, sampleBytes);
            ranges =
                    Stream.generate(EdfRange::new)
                            .limit(frame.channels().size())
                            .toArray(EdfRange[]::new);
        }
        boolean runEnds = last == null || !RecordingWriter.follows(last, frame);
        int given = 0;
        while (given < frame.length()) {
            if (runEnds || filled == layout.length()) {
                onsets = records < onsets.length ? onsets : Arrays.copyOf(onsets, 2 * records);
                onsets[records++] = frame.startNanos() + frame.rate().nanosOf(given);
                filled = 0;
                runEnds = false;
            }
            int some = Math.min(layout.length() - filled, frame.length() - given);
            filled += some;
            given += some;
        }
        for (int channel = 0; channel < ranges.length; channel++) {
            int length = frame.length();
            ranges[channel].include(frame.samples(), channel * length, (channel + 1) * length);
        }
        frames.write(frame);
        last = frame;
    }

    void write(Annotation annotation) throws IOException {
        if (listBytes == 0) {
            firstAnnotation = annotation.onsetNanos();
        }
        // Its length does not depend on the file's start by more than the digits of the seconds.
        int length = EdfList.of(annotation, 0).length + EdfList.MOST_ONSET_BYTES;
        if (length > ANNOTATIONS_ALONE) {
            throw new InvalidInputException(
                    "an annotation of stream '%s' has %d bytes, more than an EDF file can hold:"
                                    .formatted(annotation.streamId(), length)
                            + " write avro");
        }
        longestList = Math.max(longestList, length);
        listBytes += length;
        annotations.write(annotation);
    }

    void finish() throws IOException {
        long start = Math.floorDiv(last == null ? firstAnnotation : onsets[0], SECOND) * SECOND;
        for (EdfRange range : ranges) {
            range.fix(sampleBytes);
        }
        int width = last == null ? alone(start) : widthBetweenSamples(start);
        java.nio.file.Path data = target.scratchFile();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(data))) {
            writeRecords(out, start, width);
        }
        target.publish(path, head(start, width), data);
        frames.delete();
        annotations.delete();
    }

    private int rounded(long bytes) {
        return (int) ((bytes + sampleBytes - 1) / sampleBytes * sampleBytes);
    }

    /** Bytes for annotations where there is nothing else; sets the number of data records. */
    private int alone(long start) {
        int room = (int) Math.min(listBytes, ANNOTATIONS_ALONE);
        // Two data records one after the other take more than one has room for.
        records = listBytes == room ? 1 : Math.toIntExact(2 * listBytes / room + 1);
        onsets = new long[records];
        Arrays.fill(onsets, start);
        return rounded(EdfList.MOST_KEEPING_BYTES + room);
    }

    /**
     * So many bytes for annotations in each data record that they all find room in the record that
     * they begin in, or a later one.
     */
    private int widthBetweenSamples(long start) throws IOException {
        long recordBytes = (long) layout.length() * ranges.length * sampleBytes;
        for (long room = longestList; ; room *= 2) {
            int width = rounded(EdfList.MOST_KEEPING_BYTES + Math.min(room, Integer.MAX_VALUE / 2));
            if (recordBytes + width > EdfHeader.MOST_RECORD_BYTES) {
                throw new InvalidInputException(
                        "the annotations of stream '%s' are too many for an EDF file: write avro"
                                .formatted(streamId));
            }
            byte[] lists = new byte[width];
            try (EdfQueue queue = new EdfQueue(annotations.read(), start)) {
                for (int record = 0; record < records; record++) {
                    queue.take(lists, EdfList.MOST_KEEPING_BYTES, recordEnd(record));
                }
                if (queue.isEmpty()) {
                    return width;
                }
            }
        }
    }

    /** Before this time, annotations begin that should be in a data record or one before it. */
    private long recordEnd(int record) {
        return last == null || record + 1 == records ? Long.MAX_VALUE : onsets[record + 1];
    }

    private void writeRecords(OutputStream out, long start, int width) throws IOException {
        try (EdfQueue queue = new EdfQueue(annotations.read(), start);
                EdfSamples samples = new EdfSamples(frames.read(), layout, ranges, sampleBytes)) {
            for (int record = 0; record < records; record++) {
                int kept = samples.next(out);
                byte[] lists = new byte[width];
                int length = layout.length();
                String fill = kept < length ? EdfFill.text(kept, length) : "";
                byte[] keeping = EdfList.keeping(onsets[record] - start, fill);
                System.arraycopy(keeping, 0, lists, 0, keeping.length);
                queue.take(lists, keeping.length, recordEnd(record));
                out.write(lists);
            }
        }
    }

    private byte[] head(long start, int width) {
        boolean isEdf = sampleBytes == 2;
        EdfHead head = new EdfHead(isEdf, isDiscontinuous(), start, records, layout.seconds());
        for (int i = 0; i < ranges.length; i++) {
            head.signal(last.channels().get(i), ranges[i], layout.length());
        }
        head.annotations(width / sampleBytes);
        return head.bytes();
    }

    private boolean isDiscontinuous() {
        boolean breaks = false;
        for (int record = 1; record < records && last != null; record++) {
            long expected = onsets[0] + last.rate().nanosOf((long) record * layout.length());
            breaks |= Math.abs(onsets[record] - expected) > EdfHeader.TOLERANCE_NANOS;
        }
        return breaks;
    }

    @Override
    public void close() throws IOException {
        frames.close();
        annotations.close();
    }
}
