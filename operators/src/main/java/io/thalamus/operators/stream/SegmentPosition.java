/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.SignalFrame;
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
 * @param firstHeld the lowest number of a frame that waits for earlier ones; {@link #NONE} if none
 *     does
 * @param counting what has come since the source began to count
 */
public record SegmentPosition(
        int segment,
        boolean open,
        List<String> channels,
        SegmentClock clock,
        long expected,
        long firstHeld,
        Counting counting) {

    /** No frame has it, as its samples have numbers too. */
    static final long NONE = Long.MAX_VALUE;

    /** Before the first frame of a stream. */
    static SegmentPosition before(SignalFrame frame) {
        return before(frame, -1, Counting.startingWith(frame, List.of()));
    }

    /** Before the first frame of a stream that counts its samples anew. */
    SegmentPosition countingAnew(SignalFrame frame) {
        return before(frame, segment, counting.leaving(clock, expected).anew(frame));
    }

    private static SegmentPosition before(SignalFrame frame, int lastSegment, Counting counting) {
        return new SegmentPosition(
                lastSegment,
                false,
                frame.channels(),
                SegmentClock.startingWith(frame, frame.sequence()),
                frame.sequence(),
                NONE,
                counting);
    }

    /**
     * Takes note of a frame that has come, in whatever order. Until a segment is open the frame may
     * not be the first, so the sample before it is still expected; none comes before sample 0.
     */
    SegmentPosition seen(SignalFrame frame) {
        long lowest = open ? expected : Math.min(expected, Math.max(frame.sequence() - 1, 0));
        return with(clock, lowest, firstHeld, counting.seen(frame));
    }

    SegmentPosition holdingFrom(long first) {
        return with(clock, expected, first, counting);
    }

    SegmentPosition withClock(SegmentClock other) {
        return with(other, expected, firstHeld, counting);
    }

    /** After the next frame. */
    SegmentPosition after(SignalFrame frame) {
        return with(clock, frame.nextSequence(), firstHeld, counting);
    }

    /** After a break, before what comes behind it. */
    SegmentPosition behind(StreamBreak found) {
        long next = found.next().sequence();
        Counting left = counting.without(expected, next);
        boolean sameClock =
                found.isOnly(StreamBreak.Kind.LOSS) && found.lostSamples() == next - expected;
        return with(clock, expected, firstHeld, sameClock ? left : left.leaving(clock, expected));
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
                firstHeld,
                open ? counting : counting.without(Long.MIN_VALUE, first.sequence()));
    }

    private SegmentPosition with(
            SegmentClock nowClock, long nowExpected, long nowHeld, Counting nowCounting) {
        return new SegmentPosition(
                segment, open, channels, nowClock, nowExpected, nowHeld, nowCounting);
    }
}
