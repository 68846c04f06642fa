/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An unbroken stretch of a stream as a whole.
 *
 * @param key which one it is
 * @param first the sequence number of its first sample
 * @param values {@code [channel][sample]}; NaN where a value is missing. Not to be modified
 */
record Segment(Key key, long first, float[][] values) {

    /**
     * Names a segment.
     *
     * @param stream the stream's id
     * @param number of the segment in the stream
     */
    record Key(String stream, int number) {
        static Key of(SignalFrame frame) {
            return new Key(frame.streamId(), frame.segment());
        }
    }

    /** The segments that frames are of, in the order of streams and segments. */
    static Map<Key, Segment> of(List<SignalFrame> frames) {
        List<SignalFrame> ordered = new ArrayList<>(frames);
        ordered.sort(
                Comparator.comparing(SignalFrame::streamId)
                        .thenComparing(SignalFrame::segment)
                        .thenComparing(SignalFrame::sequence));
        Map<Key, List<SignalFrame>> bySegment = new LinkedHashMap<>();
        for (SignalFrame frame : ordered) {
            bySegment.computeIfAbsent(Key.of(frame), key -> new ArrayList<>()).add(frame);
        }
        Map<Key, Segment> segments = new LinkedHashMap<>();
        bySegment.forEach((key, parts) -> segments.put(key, joined(key, parts)));
        return segments;
    }

    private static Segment joined(Key key, List<SignalFrame> parts) {
        long first = parts.get(0).sequence();
        long end = parts.stream().mapToLong(SignalFrame::nextSequence).max().orElseThrow();
        float[][] values = new float[parts.get(0).channels().size()][Math.toIntExact(end - first)];
        for (float[] channel : values) {
            Arrays.fill(channel, Float.NaN);
        }
        for (SignalFrame part : parts) {
            for (int channel = 0; channel < values.length; channel++) {
                System.arraycopy(
                        part.samples(),
                        channel * part.length(),
                        values[channel],
                        (int) (part.sequence() - first),
                        part.length());
            }
        }
        return new Segment(key, first, values);
    }

    int length() {
        return values[0].length;
    }

    /** A value by the number of its sample; NaN outside of the segment too. */
    float at(int channel, long sequence) {
        long index = sequence - first;
        return index < 0 || index >= length() ? Float.NaN : values[channel][(int) index];
    }
}
