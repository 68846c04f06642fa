/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Reads data records into annotations and frames, as {@link EdfFormat} says. */
final class EdfReader implements RecordingReader {
    private static final byte VERSION = 1;

    private final BinaryFile file;
    private final String name;
    private final EdfHeader header;
    private final List<EdfStream> streams;
    private final int[] frameLengths;
    private final List<EdfSignal> annotationSignals;
    private final byte[] bytes;
    private final long firstOnset;

    /** The data record that {@link #next()} gives from, and how many of its pieces were given. */
    private long record;

    private int given;

    /** Where the present run of records without a gap began, as of the start of the record. */
    private Run run;

    // What the loaded record still has to give.
    private boolean loaded;
    private Run loadedRun;
    private boolean onsetMissing;
    private int annotationSignal;
    private final EdfAnnotations lists = new EdfAnnotations();
    private final int[] samplesGiven;

    /** The samples of each stream that are there, where a record is filled up. */
    private final int[] lengths;

    /**
     * Records without a gap.
     *
     * @param record the first
     * @param onset its time since the header's start, in nanoseconds
     * @param sequences the number of its first sample in each stream
     */
    private record Run(long record, long onset, long[] sequences) {}

    EdfReader(
            BinaryFile file,
            String name,
            EdfHeader header,
            List<EdfStream> streams,
            RecordingOptions options,
            byte[] position)
            throws IOException {
        this.file = file;
        this.name = name;
        this.header = header;
        this.streams = streams;
        this.frameLengths =
                streams.stream()
                        .mapToInt(stream -> options.frameLength(stream.channels().size()))
                        .toArray();
        this.annotationSignals = header.signals().stream().filter(EdfSignal::annotations).toList();
        this.bytes = new byte[header.records() == 0 ? 0 : header.recordBytes()];
        this.samplesGiven = new int[streams.size()];
        this.lengths = new int[streams.size()];
        this.firstOnset = header.records() == 0 ? 0 : readFirstOnset();
        if (!fits(firstOnset, header.records())) {
            throw file.invalid(
                    "has data records beyond the years 1678 to 2261: mend its start or their"
                            + " duration");
        }
        this.run = new Run(0, firstOnset, new long[streams.size()]);
        if (position.length > 0) {
            restore(position);
        }
    }

    private long readFirstOnset() throws IOException {
        readRecord(0);
        Long onset = annotationSignals.isEmpty() ? null : writtenOnset();
        return onset == null ? 0 : onset;
    }

    RecordingDescription description(String recording) {
        return new RecordingDescription(
                file.path().toString(),
                recording,
                header.kind(),
                file.length(),
                startNanos(),
                streams.stream().map(EdfStream::description).toList());
    }

    @Override
    public long startNanos() {
        return header.startNanos() + firstOnset;
    }

    @Override
    public Received next() throws IOException {
        while (record < header.records()) {
            if (!loaded) {
                load();
            }
            Received next = nextOfRecord();
            if (next != null) {
                given++;
                return next;
            }
            run = loadedRun;
            record++;
            given = 0;
            loaded = false;
        }
        if (given > 0) {
            return null;
        }
        Received loss = loss();
        given = loss == null ? 0 : 1;
        return loss;
    }

    private void load() throws IOException {
        readRecord(record);
        loadedRun = run;
        onsetMissing = false;
        if (header.isDiscontinuous()) {
            Long onset = writtenOnset();
            onsetMissing = onset == null || !fits(onset, header.records() - record);
            if (!onsetMissing && Math.abs(onset - expectedOnset()) > EdfHeader.TOLERANCE_NANOS) {
                loadedRun = new Run(record, onset, sequencesAt(onset));
            }
        }
        findLengths();
        annotationSignal = -1;
        Arrays.fill(samplesGiven, 0);
        loaded = true;
    }

    /** Looks for {@link EdfFill} where our own files have it. */
    private void findLengths() {
        String text = writtenOnset() != null && lists.advanceText() ? lists.text() : "";
        for (int i = 0; i < lengths.length; i++) {
            int length = streams.get(i).recordLength();
            lengths[i] = EdfFill.kept(text, length).orElse(length);
        }
    }

    private void readRecord(long number) throws IOException {
        file.in("data records").seek(header.offset() + number * bytes.length);
        file.readFully(bytes, 0, bytes.length);
    }

    /** The onset that the loaded record gives itself in its first list; null if it gives none. */
    private Long writtenOnset() {
        if (annotationSignals.isEmpty()) {
            return null;
        }
        reset(annotationSignals.get(0));
        return lists.advanceList() && lists.isWhole() ? lists.onsetNanos() : null;
    }

    private void reset(EdfSignal signal) {
        int length = signal.length() * header.sampleBytes();
        lists.reset(bytes, signal.offset(), signal.offset() + length);
    }

    /** Whether so many data records from an onset on have times. */
    private boolean fits(long onset, long records) {
        try {
            Math.subtractExact(onset, firstOnset);
            Math.addExact(Math.addExact(header.startNanos(), onset), nanosOf(records));
            return true;
        } catch (ArithmeticException e) {
            return false;
        }
    }

    private long nanosOf(long records) {
        return header.recordRate() == null ? 0 : header.recordRate().nanosOf(records);
    }

    private long expectedOnset() {
        return run.onset() + nanosOf(record - run.record());
    }

    /** The sample numbers nearest to an onset, but none that was given already. */
    private long[] sequencesAt(long onset) {
        long[] sequences = new long[streams.size()];
        for (int i = 0; i < sequences.length; i++) {
            sequences[i] =
                    Math.max(sequence(run, i), streams.get(i).rate().samplesIn(onset - firstOnset));
        }
        return sequences;
    }

    /** The number of a stream's first sample in the present record. */
    private long sequence(Run of, int stream) {
        return of.sequences()[stream] + (record - of.record()) * streams.get(stream).recordLength();
    }

    private Received nextOfRecord() {
        if (onsetMissing) {
            onsetMissing = false;
            return file.refused(
                    header.offset() + record * bytes.length,
                    time(loadedRun.onset()),
                    new byte[0],
                    "record without onset",
                    "data record %d of a discontinuous file has no onset that can be; it is taken"
                            + " to follow the one before it",
                    record);
        }
        Received annotation = nextAnnotation();
        return annotation == null ? nextFrame() : annotation;
    }

    private long time(long onset) {
        return header.startNanos() + onset;
    }

    private Received nextAnnotation() {
        while (annotationSignal < annotationSignals.size()) {
            if (annotationSignal >= 0) {
                if (lists.advanceText()) {
                    if (EdfFill.is(lists.text())) {
                        continue;
                    }
                    return annotation();
                }
                if (lists.advanceList()) {
                    if (!lists.isWhole()) {
                        return refusedList();
                    }
                    continue;
                }
            }
            annotationSignal++;
            if (annotationSignal < annotationSignals.size()) {
                reset(annotationSignals.get(annotationSignal));
            }
        }
        return null;
    }

    private Received annotation() {
        try {
            long onset = Math.addExact(header.startNanos(), lists.onsetNanos());
            Math.addExact(onset, lists.durationNanos());
            return Received.annotation(
                    new Annotation(name, onset, lists.durationNanos(), lists.text()));
        } catch (ArithmeticException e) {
            return refusedList();
        }
    }

    private Received refusedList() {
        return file.refused(
                header.offset() + record * bytes.length + lists.first(),
                time(loadedRun.onset()),
                lists.bytes(),
                "bad annotation",
                "the annotations at byte %d of data record %d are no list of onset, duration and"
                        + " texts",
                lists.first(),
                record);
    }

    /** The frame that begins first of those that the record still has. */
    private Received nextFrame() {
        int first = -1;
        for (int i = 0; i < samplesGiven.length; i++) {
            if (samplesGiven[i] < lengths[i] && (first < 0 || isBefore(i, first))) {
                first = i;
            }
        }
        return first < 0 ? null : frame(first);
    }

    private boolean isBefore(int stream, int other) {
        return (long) samplesGiven[stream] * streams.get(other).recordLength()
                < (long) samplesGiven[other] * streams.get(stream).recordLength();
    }

    private Received frame(int index) {
        EdfStream stream = streams.get(index);
        int from = samplesGiven[index];
        int length = Math.min(frameLengths[index], lengths[index] - from);
        samplesGiven[index] += length;
        float[] samples = new float[stream.signals().size() * length];
        int at = 0;
        for (EdfSignal signal : stream.signals()) {
            signal.decode(bytes, header.sampleBytes(), from, samples, at, length);
            at += length;
        }
        long sequence = sequence(loadedRun, index) + from;
        long nanos = stream.rate().nanosOf(sequence - loadedRun.sequences()[index]);
        return Received.frame(
                new SignalFrame(
                        stream.streamId(),
                        sequence,
                        0,
                        time(loadedRun.onset() + nanos),
                        stream.rate(),
                        stream.channels(),
                        samples,
                        0));
    }

    /** What is wrong behind the last whole record; null if nothing is. */
    private Received loss() throws IOException {
        long end = header.offset() + header.records() * header.recordBytes();
        long rest = file.length() - end;
        long time = time(expectedOnset());
        if (header.records() < header.announced()) {
            return file.refused(
                    end,
                    time,
                    bytesAt(end),
                    "truncated data",
                    "the file has %d data records by its header, of which %d are there: it was cut"
                            + " off",
                    header.announced(),
                    header.records());
        }
        return rest == 0
                ? null
                : file.refused(
                        end,
                        time,
                        bytesAt(end),
                        "trailing bytes",
                        "%d bytes follow the %d data records and are not read",
                        rest,
                        header.records());
    }

    private byte[] bytesAt(long offset) throws IOException {
        file.seek(offset);
        return file.bytes(Math.min(BinaryFile.MOST_BYTES, file.remaining()));
    }

    @Override
    public byte[] position() {
        ByteBuffer out =
                BinaryPosition.write(VERSION, positionBytes())
                        .putLong(record)
                        .putInt(given)
                        .putLong(run.record())
                        .putLong(run.onset());
        for (long sequence : run.sequences()) {
            out.putLong(sequence);
        }
        return out.array();
    }

    private int positionBytes() {
        return 1 + 8 + 4 + 8 + 8 + 8 * streams.size();
    }

    private void restore(byte[] position) throws IOException {
        ByteBuffer in = BinaryPosition.read("an EDF file", VERSION, positionBytes(), position);
        record = in.getLong();
        int before = in.getInt();
        run = new Run(in.getLong(), in.getLong(), new long[streams.size()]);
        for (int i = 0; i < streams.size(); i++) {
            run.sequences()[i] = in.getLong();
        }
        if (record == header.records()) {
            given = before;
        } else {
            while (given < before) {
                next();
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
