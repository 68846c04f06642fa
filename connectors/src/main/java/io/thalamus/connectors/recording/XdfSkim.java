/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Goes through an XDF file before its samples are given: once over the chunks for the headers and
 * the clock offsets, and once over the time stamps. It keeps the offsets until the clocks are
 * known, and then a line for each unbroken stretch, never the stamps.
 */
final class XdfSkim {
    static final int MOST_OFFSETS = 1 << 20;
    static final int MOST_STRETCHES = 1 << 20;

    /** How far a measured rate may lie from the header's before the header is not believed. */
    private static final double RATE_TOLERANCE = 0.1;

    /** How many intervals it takes to measure a rate: jitter is no matter in so many. */
    private static final long MEASURABLE = XdfStretches.BREAK_SAMPLES;

    private final BinaryFile file;
    private final RecordingOptions options;
    private final XdfHeaders headers;
    private final XdfChunks chunks;
    private int stretchCount;
    private String firstObjection;

    XdfSkim(BinaryFile file, RecordingOptions options) throws IOException {
        this.file = file;
        this.options = options;
        this.headers = new XdfHeaders(file, options);
        this.chunks = new XdfChunks(file);
    }

    /** The clock offsets of all streams in the order of the file. */
    private static final class Offsets {
        private long[] streams = new long[16];
        private double[] times = new double[16];
        private double[] values = new double[16];
        private int count;

        void add(long stream, XdfOffset offset) {
            if (count == streams.length) {
                streams = Arrays.copyOf(streams, 2 * count);
                times = Arrays.copyOf(times, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            streams[count] = stream;
            times[count] = offset.time();
            values[count] = offset.offset();
            count++;
        }

        XdfClock clockOf(long stream) {
            double[] ownTimes = new double[count];
            double[] ownValues = new double[count];
            int own = 0;
            for (int i = 0; i < count; i++) {
                if (streams[i] == stream) {
                    ownTimes[own] = times[i];
                    ownValues[own] = values[i];
                    own++;
                }
            }
            return XdfClock.of(Arrays.copyOf(ownTimes, own), Arrays.copyOf(ownValues, own));
        }
    }

    /** What the time stamps of a stream tell while they are gone through. */
    private static final class Timing {
        private final XdfHeader header;
        private final XdfStamps stamps;
        private final XdfStretches stretches;

        /** Of an irregular stream: its earliest and latest sample. */
        private double earliest = Double.POSITIVE_INFINITY;

        private double latest = Double.NEGATIVE_INFINITY;

        private Timing(XdfHeader header, XdfClock clock) {
            this.header = header;
            this.stamps = new XdfStamps(clock, header.period());
            this.stretches = new XdfStretches(header.period());
        }

        /** Takes the next time stamp; true if something is kept of it. */
        boolean add(double time) {
            if (header.isRegular()) {
                return stretches.add(time);
            }
            earliest = Math.min(earliest, time);
            latest = Math.max(latest, time);
            return false;
        }

        void finish() {
            for (XdfStretch stretch : stretches.stretches()) {
                earliest = Math.min(earliest, stretch.time());
                latest = Math.max(latest, stretch.lastTime());
            }
        }

        SampleRate rate() {
            return header.isRegular() ? regularRate() : meanRate();
        }

        private SampleRate regularRate() {
            long intervals = 0;
            double seconds = 0;
            for (XdfStretch stretch : stretches.stretches()) {
                intervals += stretch.length() - 1;
                seconds += (stretch.length() - 1) * stretch.period();
            }
            double measured = intervals / seconds;
            boolean believed =
                    intervals < MEASURABLE
                            || Math.abs(measured - header.nominal())
                                    <= RATE_TOLERANCE * header.nominal();
            return believed ? header.rate() : rounded(measured);
        }

        private SampleRate meanRate() {
            return stamps.count() > 1 && latest > earliest
                    ? rounded((stamps.count() - 1) / (latest - earliest))
                    : SampleRate.ofHertz(1);
        }

        /** To a thousandth of a hertz, the slowest rate; the fastest is that of a header too. */
        private static SampleRate rounded(double hertz) {
            double thousandths = Math.rint(Math.min(hertz, XdfHeader.FASTEST) * 1000);
            return new SampleRate((long) Math.max(1, thousandths), 1000);
        }
    }

    /**
     * Goes through the file.
     *
     * @param name the recording's name
     * @param until the offset of a chunk, up to which the streams' time stamps are wanted
     */
    XdfRecording read(String name, long until) throws IOException {
        Offsets offsets = readHeaders();
        Map<Long, Timing> timings = new LinkedHashMap<>();
        for (XdfHeader header : headers.streams().values()) {
            timings.put(header.id(), new Timing(header, offsets.clockOf(header.id())));
        }
        chunks.seek(XdfPosition.START.chunk());
        Map<Long, XdfStamps> stamps = readStamps(timings, until);

        double earliest = Double.POSITIVE_INFINITY;
        double latest = Double.NEGATIVE_INFINITY;
        for (Timing timing : timings.values()) {
            timing.finish();
            earliest = Math.min(earliest, timing.earliest);
            latest = Math.max(latest, timing.latest);
        }
        if (earliest > latest) {
            throw file.invalid(
                    "has no sample that can be read%s: name one with samples",
                    firstObjection == null ? "" : " (" + firstObjection + ")");
        }
        requireTimes(headers.startNanos(), latest - earliest);
        return new XdfRecording(
                headers.startNanos(), earliest, headers, streams(name, timings.values()), stamps);
    }

    /** Reads the headers and the clock offsets. */
    private Offsets readHeaders() throws IOException {
        Offsets offsets = new Offsets();
        for (XdfChunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
            try {
                switch (chunk.tag()) {
                    case XdfChunk.FILE_HEADER, XdfChunk.STREAM_HEADER -> headers.take(chunk);
                    case XdfChunk.CLOCK_OFFSET ->
                            offsets.add(chunk.streamId(), XdfOffset.read(file, chunk));
                    default -> {
                        // Samples are read next.
                    }
                }
            } catch (InvalidInputException e) {
                // Where the chunk is read for good, this is a dead letter.
                if (firstObjection == null) {
                    firstObjection =
                            "of the chunk at byte %d, %s".formatted(chunk.offset(), e.getMessage());
                }
            }
            if (offsets.count > MOST_OFFSETS) {
                throw file.invalid(
                        "has more than %d clock offsets: cut it into several", MOST_OFFSETS);
            }
        }
        return offsets;
    }

    private Map<Long, XdfStamps> readStamps(Map<Long, Timing> timings, long until)
            throws IOException {
        Map<Long, XdfStamps> stamps = new HashMap<>();
        XdfSamples samples = new XdfSamples(file);
        for (XdfChunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
            if (chunk.offset() == until) {
                timings.forEach((id, timing) -> stamps.put(id, timing.stamps.copy()));
            }
            Timing timing = timings.get(chunk.streamId());
            if (chunk.tag() != XdfChunk.SAMPLES || timing == null) {
                continue;
            }
            samples.begin(chunk, timing.header, timing.stamps);
            while (samples.advance()) {
                if (timing.add(samples.time()) && ++stretchCount > MOST_STRETCHES) {
                    throw file.invalid(
                            "has more than %d breaks in its regular streams: their nominal_srate"
                                    + " cannot be true",
                            MOST_STRETCHES);
                }
            }
        }
        if (stamps.size() < timings.size()) {
            throw new IOException(
                    "no chunk of '" + file.path() + "' begins at byte " + until + " any more");
        }
        return stamps;
    }

    /** Makes sure that all times of the recording, and those of its last frame, are longs. */
    private void requireTimes(long startNanos, double seconds) {
        double longestFrame = options.frameLength() / XdfHeader.SLOWEST;
        if (startNanos / 1e9 + seconds + longestFrame > Long.MAX_VALUE / 1e9) {
            throw file.invalid(
                    "lasts %.0f s, beyond the year 2262: set start to an earlier time", seconds);
        }
    }

    private Map<Long, XdfStream> streams(String recording, Collection<Timing> timings) {
        options.requireChannels(
                file,
                timings.stream()
                        .filter(timing -> timing.header.type() != XdfType.STRING)
                        .flatMap(timing -> timing.header.channels().stream())
                        .distinct()
                        .toList());
        Set<String> taken = new HashSet<>();
        Map<Long, XdfStream> streams = new LinkedHashMap<>();
        for (Timing timing : timings) {
            XdfHeader header = timing.header;
            String suffix = suffix(header);
            while (!taken.add(suffix)) {
                suffix += "-" + header.id();
            }
            streams.put(
                    header.id(),
                    XdfStream.of(
                            header,
                            recording + "/" + suffix,
                            header.type() == XdfType.STRING
                                    ? new int[0]
                                    : options.selection(header.channels()),
                            timing.rate(),
                            timing.stretches.stretches()));
        }
        return streams;
    }

    /**
     * The stream's name; if others have it too, with the id of its source; and if that does not
     * tell them apart either, with its number in the file.
     */
    private String suffix(XdfHeader header) {
        if (!header.name().isEmpty() && isAlone(header, XdfHeader::name)) {
            return header.name();
        }
        if (!header.sourceId().isEmpty() && isAlone(header, XdfHeader::nameAndSource)) {
            return header.nameAndSource();
        }
        return header.nameAnd(String.valueOf(header.id()));
    }

    private boolean isAlone(XdfHeader header, Function<XdfHeader, String> naming) {
        return headers.streams().values().stream()
                .noneMatch(
                        other ->
                                other != header
                                        && naming.apply(other).equals(naming.apply(header)));
    }
}
