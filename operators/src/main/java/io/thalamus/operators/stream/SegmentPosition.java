/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;

/**
 * How far the order step is with one stream: its state. Immutable.
 *
 * @param segment the number of the current segment, or of the last one while none is open
 * @param open whether a segment has begun; if not, the first sample is still being looked for
 * @param firstSequence the sequence number of the segment's first sample
 * @param startNanos the time of that sample
 * @param channels the channels of the segment
 * @param rate the sample rate of the segment
 * @param expected the sequence number of the next sample; while no segment is open, of the sample
 *     before the first one seen
 * @param newest the highest sequence number that a frame started with
 * @param held frames that wait for earlier ones
 */
public record SegmentPosition(
        int segment,
        boolean open,
        long firstSequence,
        long startNanos,
        List<String> channels,
        SampleRate rate,
        long expected,
        long newest,
        int held) {
    /**
     * How far a frame's time may stray from the segment's own clock: half a sample, but at least a
     * second, which jitter of time stamps and drift of sample clocks stay below for hours.
     */
    private static final double TOLERANCE_NANOS = 1e9;

    /** Before the first frame of a stream, or of a stream that counts its samples anew. */
    static SegmentPosition before(SignalFrame frame, int lastSegment) {
        return new SegmentPosition(
                lastSegment,
                false,
                frame.sequence(),
                frame.startNanos(),
                frame.channels(),
                frame.rate(),
                frame.sequence(),
                frame.sequence(),
                0);
    }

    /**
     * Takes note of a frame that has come, in whatever order. Until a segment is open the frame may
     * not be the first, so the sample before it is still expected; none comes before sample 0.
     */
    SegmentPosition seen(SignalFrame frame) {
        long lowest = open ? expected : Math.min(expected, Math.max(frame.sequence() - 1, 0));
        return with(lowest, Math.max(newest, frame.sequence()), held);
    }

    SegmentPosition withHeld(int count) {
        return with(expected, newest, count);
    }

    SegmentPosition expecting(long next) {
        return with(next, newest, held);
    }

    /** The next segment, from a frame on. */
    SegmentPosition nextSegment(SignalFrame first) {
        return new SegmentPosition(
                segment + 1,
                true,
                first.sequence(),
                first.startNanos(),
                first.channels(),
                first.rate(),
                first.sequence(),
                newest,
                held);
    }

    private SegmentPosition with(long nextExpected, long nextNewest, int nextHeld) {
        return new SegmentPosition(
                segment,
                open,
                firstSequence,
                startNanos,
                channels,
                rate,
                nextExpected,
                nextNewest,
                nextHeld);
    }

    /** Whether the segment's own clock has a time for the end of a frame. */
    boolean canTime(SignalFrame frame) {
        try {
            Math.addExact(startNanos, rate.nanosOf(frame.nextSequence() - firstSequence));
            return true;
        } catch (ArithmeticException e) {
            return false;
        }
    }

    /**
     * The time of a sample by the segment's own clock, up to the end of the last frame that it
     * {@link #canTime}.
     */
    long timeOf(long sequence) {
        return startNanos + rate.nanosOf(sequence - firstSequence);
    }

    /** Whether a frame's time is another than its sequence number has in this segment. */
    boolean disagreesWith(SignalFrame frame) {
        // In double, because a sequence number may be so far off that its time is no long.
        double period = 1e9 / rate.hertz();
        double clock = startNanos + (frame.sequence() - firstSequence) * period;
        return Math.abs(frame.startNanos() - clock) > Math.max(TOLERANCE_NANOS, period / 2);
    }

    /**
     * Whether a frame comes of a source that counts its samples anew: its number has been, its time
     * has not.
     */
    boolean restartsWith(SignalFrame frame) {
        return open
                && frame.sequence() < expected
                && frame.startNanos() >= timeOf(expected)
                && disagreesWith(frame);
    }
}
