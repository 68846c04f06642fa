/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.rate.DriftEstimate;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;

/**
 * Which number and time the samples of a segment have, and how far the source's time stamps stray
 * from that. Immutable.
 *
 * @param firstSequence the number that the source gave the segment's first sample
 * @param firstOutput the number that it has in what is given: another one, once samples were filled
 *     in or made by resampling that no number of the source tells of
 * @param startNanos its time
 * @param rate the sample rate
 * @param inserted samples of the segment that no number of the source tells of
 * @param setNanos by how much the source's clock was set since, where the segment went on by its
 *     own
 * @param drift how the source's time stamps stray, but for that
 * @param reportedPpm the drift that was last told of
 */
public record SegmentClock(
        long firstSequence,
        long firstOutput,
        long startNanos,
        SampleRate rate,
        long inserted,
        long setNanos,
        DriftEstimate drift,
        double reportedPpm) {
    private static final double NANOS = 1e9;

    /** From a frame on. */
    static SegmentClock startingWith(SignalFrame first, long firstOutput) {
        return new SegmentClock(
                first.sequence(),
                firstOutput,
                first.startNanos(),
                first.rate(),
                0,
                0,
                DriftEstimate.none().with(0, 0, first.length() / first.rate().hertz()),
                0);
    }

    /** Where in the segment a sample lies, by the number that the source gave it. */
    long indexOf(long sequence) {
        return sequence - firstSequence + inserted;
    }

    long outputOf(long sequence) {
        return firstOutput + indexOf(sequence);
    }

    /** The time of a sample, up to the end of the last frame that the segment {@link #canTime}. */
    long timeOf(long sequence) {
        return startNanos + rate.nanosOf(indexOf(sequence));
    }

    /** The time that the source's clock has for it, but for drift. */
    long sourceTimeOf(long sequence) {
        return timeOf(sequence) + setNanos;
    }

    /** Whether there is a time for the end of a frame. */
    boolean canTime(SignalFrame frame) {
        try {
            Math.addExact(startNanos, rate.nanosOf(indexOf(frame.nextSequence())));
            return true;
        } catch (ArithmeticException e) {
            return false;
        }
    }

    /** How much later than expected a frame says that it is, in nanoseconds. */
    double strayNanos(SignalFrame frame) {
        // In double, because a sequence number may be so far off that its time is no long.
        double due = secondsOf(frame) * NANOS + drift.offsetAt(secondsOf(frame)) * NANOS;
        return elapsedNanos(frame) - setNanos - due;
    }

    /**
     * Whether a frame is of this clock: its time is the one that its number has, to within a
     * tolerance; but half a sample is always within it.
     */
    boolean fits(SignalFrame frame, Duration tolerance) {
        double most = Math.max(tolerance.toNanos(), NANOS / rate.hertz() / 2);
        return frame.rate().equals(rate) && Math.abs(strayNanos(frame)) <= most;
    }

    /** From the segment's start to a frame, by their time stamps. */
    private double elapsedNanos(SignalFrame frame) {
        try {
            return Math.subtractExact(frame.startNanos(), startNanos);
        } catch (ArithmeticException e) {
            return (double) frame.startNanos() - startNanos; // longer than a long holds
        }
    }

    /**
     * The clock of a segment that goes on behind a break.
     *
     * @param expected the number that was due
     */
    SegmentClock joining(StreamBreak found, long expected) {
        long untold = found.lostSamples() - (found.next().sequence() - expected);
        long set = found.is(StreamBreak.Kind.CLOCK_JUMP) ? Math.round(strayNanos(found.next())) : 0;
        return with(inserted + untold, setNanos + set, drift, reportedPpm);
    }

    /** Takes note of the time of the next frame. */
    SegmentClock observing(SignalFrame frame) {
        double later = (frame.startNanos() - sourceTimeOf(frame.sequence())) / NANOS;
        return with(
                inserted,
                setNanos,
                drift.with(secondsOf(frame), later, frame.length() / rate.hertz()),
                reportedPpm);
    }

    /** The same once its drift was told of. */
    SegmentClock reporting() {
        return with(inserted, setNanos, drift, drift.driftPpm());
    }

    private double secondsOf(SignalFrame frame) {
        return indexOf(frame.sequence()) / rate.hertz();
    }

    private SegmentClock with(
            long nowInserted, long nowSet, DriftEstimate estimate, double nowReported) {
        return new SegmentClock(
                firstSequence,
                firstOutput,
                startNanos,
                rate,
                nowInserted,
                nowSet,
                estimate,
                nowReported);
    }
}
