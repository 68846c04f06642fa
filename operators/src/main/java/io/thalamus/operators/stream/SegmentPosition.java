/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far the order step is with one stream: its state. Immutable.
 *
 * @param segment the number of the current segment, or of the last one while none is open
 * @param open whether a segment has begun; if not, the first sample is still being looked for
 * @param channels the channels of the segment
 * @param clock its numbers and times
 * @param expected the number, as the source counts, of the next sample; while no segment is open,
 *     of the sample before the first one seen
 * @param newest the highest number that a frame started with
 * @param newestNanos the time that this frame came under
 * @param held frames that wait for earlier ones
 * @param filled the numbers of the samples of the segment that were filled in, as pairs of the
 *     first and the one behind the last; of the last {@value #GAPS} gaps
 */
public record SegmentPosition(
        int segment,
        boolean open,
        List<String> channels,
        SegmentClock clock,
        long expected,
        long newest,
        long newestNanos,
        int held,
        long[] filled) {
    private static final int GAPS = 32;
    private static final long[] NONE = {};

    /** Before the first frame of a stream, or of a stream that counts its samples anew. */
    static SegmentPosition before(SignalFrame frame, int lastSegment) {
        return new SegmentPosition(
                lastSegment,
                false,
                frame.channels(),
                SegmentClock.startingWith(frame, frame.sequence()),
                frame.sequence(),
                frame.sequence(),
                frame.startNanos(),
                0,
                NONE);
    }

    /**
     * Takes note of a frame that has come, in whatever order. Until a segment is open the frame may
     * not be the first, so the sample before it is still expected; none comes before sample 0.
     */
    SegmentPosition seen(SignalFrame frame) {
        long lowest = open ? expected : Math.min(expected, Math.max(frame.sequence() - 1, 0));
        return frame.sequence() > newest
                ? with(clock, lowest, frame.sequence(), frame.startNanos(), held)
                : with(clock, lowest, newest, newestNanos, held);
    }

    SegmentPosition withHeld(int count) {
        return with(clock, expected, newest, newestNanos, count);
    }

    SegmentPosition withClock(SegmentClock other) {
        return with(other, expected, newest, newestNanos, held);
    }

    /** After the next frame. */
    SegmentPosition after(SignalFrame frame) {
        return with(clock, frame.nextSequence(), newest, newestNanos, held);
    }

    /**
     * The next segment, from a frame on.
     *
     * @param firstOutput the number of its first sample in what is given
     */
    SegmentPosition nextSegment(SignalFrame first, long firstOutput) {
        return new SegmentPosition(
                segment + 1,
                true,
                first.channels(),
                SegmentClock.startingWith(first, firstOutput),
                first.sequence(),
                newest,
                newestNanos,
                held,
                NONE);
    }

    /** The same with the samples up to a frame filled in. */
    SegmentPosition filledUpTo(SignalFrame next) {
        if (next.sequence() == expected) {
            return this; // by the clock alone, and so without numbers
        }
        int kept = Math.min(filled.length, 2 * (GAPS - 1));
        long[] gaps = Arrays.copyOfRange(filled, filled.length - kept, filled.length + 2);
        gaps[kept] = expected;
        gaps[kept + 1] = next.sequence();
        return new SegmentPosition(
                segment, open, channels, clock, expected, newest, newestNanos, held, gaps);
    }

    /** The parts of a frame that come after the stream had gone on without them. */
    List<SignalFrame> givenUp(SignalFrame frame) {
        List<SignalFrame> parts = new ArrayList<>();
        addPart(frame, Long.MIN_VALUE, clock.firstSequence(), parts);
        for (int i = 0; i < filled.length; i += 2) {
            addPart(frame, filled[i], filled[i + 1], parts);
        }
        return parts;
    }

    private static void addPart(SignalFrame frame, long from, long end, List<SignalFrame> parts) {
        long first = Math.max(frame.sequence(), from);
        long last = Math.min(frame.nextSequence(), end);
        if (first < last) {
            parts.add(
                    frame.slice((int) (first - frame.sequence()), (int) (last - frame.sequence())));
        }
    }

    private SegmentPosition with(
            SegmentClock nowClock,
            long nextExpected,
            long nextNewest,
            long nextNewestNanos,
            int nextHeld) {
        return new SegmentPosition(
                segment,
                open,
                channels,
                nowClock,
                nextExpected,
                nextNewest,
                nextNewestNanos,
                nextHeld,
                filled);
    }
}
