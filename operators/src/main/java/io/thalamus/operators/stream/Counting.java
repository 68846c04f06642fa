/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What has come of a stream since its source began to count its samples: which numbers, and by
 * which clocks. It tells what comes again or late from what is new. Immutable.
 *
 * @param newest the highest number that a frame started with
 * @param newestNanos the time that this frame came under
 * @param oldestNanos the earliest time that a frame came under
 * @param missing the numbers of the samples that did not come in time, as pairs of the first and
 *     the one behind the last; none before the first sample is known. The first pair is all that is
 *     before it; of the others, the last {@value #GAPS} are kept, and what is before them joins the
 *     first
 * @param past the clocks before the current one, those of earlier countings too; the last {@value
 *     #CLOCKS}
 */
public record Counting(
        long newest, long newestNanos, long oldestNanos, long[] missing, List<PastClock> past) {
    private static final int GAPS = 32;
    private static final int CLOCKS = 8;

    /** From the first frame on. */
    static Counting startingWith(SignalFrame frame, List<PastClock> past) {
        return new Counting(
                frame.sequence(), frame.startNanos(), frame.startNanos(), new long[0], past);
    }

    /** Takes note of a frame that has come, in whatever order. */
    Counting seen(SignalFrame frame) {
        boolean newer = frame.sequence() > newest;
        return new Counting(
                newer ? frame.sequence() : newest,
                newer ? frame.startNanos() : newestNanos,
                Math.min(frame.startNanos(), oldestNanos),
                missing,
                past);
    }

    /** The same once the stream has gone on without samples. */
    Counting without(long first, long end) {
        if (first == end) {
            return this;
        }
        long[] gaps = Arrays.copyOf(missing, missing.length + 2);
        gaps[missing.length] = first;
        gaps[missing.length + 1] = end;
        if (gaps.length > 2 * (GAPS + 1)) {
            gaps = Arrays.copyOfRange(gaps, 2, gaps.length);
            gaps[0] = Long.MIN_VALUE;
        }
        return new Counting(newest, newestNanos, oldestNanos, gaps, past);
    }

    /**
     * The same once the stream has gone on by another clock.
     *
     * @param end the number behind the last sample that came by this one
     */
    Counting leaving(SegmentClock clock, long end) {
        List<PastClock> clocks = new ArrayList<>(past);
        clocks.add(new PastClock(clock, end, false));
        List<PastClock> kept = clocks.subList(Math.max(0, clocks.size() - CLOCKS), clocks.size());
        return new Counting(newest, newestNanos, oldestNanos, missing, List.copyOf(kept));
    }

    /** The source's next counting, which a frame is of. */
    Counting anew(SignalFrame frame) {
        return startingWith(frame, past.stream().map(PastClock::over).toList());
    }

    /** Whether a frame has the number and the time of a sample before the current clock. */
    boolean knows(SignalFrame frame, Duration tolerance) {
        return past.stream().anyMatch(clock -> !clock.isOver() && timed(clock, frame, tolerance));
    }

    /** Whether it has those of a sample of an earlier counting. */
    boolean knewBefore(SignalFrame frame, Duration tolerance) {
        return past.stream().anyMatch(clock -> clock.isOver() && timed(clock, frame, tolerance));
    }

    /** What is behind a clock's last sample may have been under way, but not be of now. */
    private boolean timed(PastClock past, SignalFrame frame, Duration tolerance) {
        return past.clock().fits(frame, tolerance)
                && (frame.sequence() < past.end() || frame.startNanos() <= newestNanos);
    }

    /** Whether no sample can have had this time. */
    boolean isNewTime(long nanos) {
        return nanos > newestNanos || nanos < oldestNanos;
    }

    /** The parts of a frame that come after the stream had gone on without them. */
    List<SignalFrame> givenUp(SignalFrame frame) {
        List<SignalFrame> parts = new ArrayList<>();
        for (int i = 0; i < missing.length; i += 2) {
            long first = Math.max(frame.sequence(), missing[i]);
            long last = Math.min(frame.nextSequence(), missing[i + 1]);
            if (first < last) {
                parts.add(
                        frame.slice(
                                (int) (first - frame.sequence()), (int) (last - frame.sequence())));
            }
        }
        return parts;
    }

    /**
     * A clock that a stream has left. Immutable.
     *
     * @param clock the clock
     * @param end the number behind the last sample that came by it
     * @param isOver whether the source has begun to count anew since
     */
    public record PastClock(SegmentClock clock, long end, boolean isOver) {

        PastClock over() {
            return new PastClock(clock, end, true);
        }
    }
}
