/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
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

    /**
     * Goes through the file.
     *
     * @param name the recording's name
     * @param until the offset of a chunk, up to which the streams' time stamps are wanted
     */
    XdfRecording read(String name, long until) throws IOException {
        XdfOffsets offsets = readHeaders();
        Map<Long, XdfTiming> timings = new LinkedHashMap<>();
        for (XdfHeader header : headers.streams().values()) {
            timings.put(header.id(), new XdfTiming(header, offsets.clockOf(header.id())));
        }
        chunks.seek(XdfPosition.START.chunk());
        Map<Long, XdfStamps> stamps = readStamps(timings, until);

        double earliest = Double.POSITIVE_INFINITY;
        double latest = Double.NEGATIVE_INFINITY;
        for (XdfTiming timing : timings.values()) {
            timing.finish();
            earliest = Math.min(earliest, timing.earliest());
            latest = Math.max(latest, timing.latest());
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
    private XdfOffsets readHeaders() throws IOException {
        XdfOffsets offsets = new XdfOffsets();
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
            if (offsets.count() > MOST_OFFSETS) {
                throw file.invalid(
                        "has more than %d clock offsets: cut it into several", MOST_OFFSETS);
            }
        }
        return offsets;
    }

    private Map<Long, XdfStamps> readStamps(Map<Long, XdfTiming> timings, long until)
            throws IOException {
        Map<Long, XdfStamps> stamps = new HashMap<>();
        XdfSamples samples = new XdfSamples(file);
        for (XdfChunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
            if (chunk.offset() == until) {
                timings.forEach((id, timing) -> stamps.put(id, timing.stamps().copy()));
            }
            XdfTiming timing = timings.get(chunk.streamId());
            if (chunk.tag() != XdfChunk.SAMPLES || timing == null) {
                continue;
            }
            samples.begin(chunk, timing.header(), timing.stamps());
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

    private Map<Long, XdfStream> streams(String recording, Collection<XdfTiming> timings) {
        options.requireChannels(
                file,
                timings.stream()
                        .filter(timing -> timing.header().type() != XdfType.STRING)
                        .flatMap(timing -> timing.header().channels().stream())
                        .distinct()
                        .toList());
        Set<String> taken = new HashSet<>();
        Map<Long, XdfStream> streams = new LinkedHashMap<>();
        for (XdfTiming timing : timings) {
            XdfHeader header = timing.header();
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
                            timing.stretches()));
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
