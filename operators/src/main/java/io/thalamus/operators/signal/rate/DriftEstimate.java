/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

/**
 * How far a source's sample clock strays from its nominal rate, by the time stamps of its frames:
 * the line through the stamps' offsets from the nominal clock, fitted by least squares in which an
 * observation counts the less the older it is (recursive least squares with exponential forgetting,
 * S. Haykin, Adaptive Filter Theory, chapter 10). An observation weighs as much as the time that
 * its frame spans. Jitter of the stamps is averaged out, as long as it is independent from frame to
 * frame; it may be of either sign. Immutable.
 *
 * <p>Once the drift is known, it stays so: stamps that jitter more from some time on, or outrun any
 * clock, must not undo what was made of it.
 *
 * <p>The sums are kept relative to the time of the last observation, so that no figure grows with
 * the length of the stream.
 *
 * @param weight the sum of the observations' weights, in seconds, the older ones counting less
 * @param squares the sum of their squares
 * @param time the weighted sum of their times, in seconds
 * @param offset of their offsets: how much later than by the nominal clock they were, in seconds
 * @param timeSquared of the squares of their times
 * @param timeOffset of the products of times and offsets
 * @param offsetSquared of the squares of their offsets
 * @param at the time of the last observation by the nominal clock, in seconds
 * @param isSettled whether the drift is, or has been, known to within ten parts in a million (one
 *     standard error); until then {@link #drift()} and {@link #offsetAt} are 0
 */
public record DriftEstimate(
        double weight,
        double squares,
        double time,
        double offset,
        double timeSquared,
        double timeOffset,
        double offsetSquared,
        double at,
        boolean isSettled) {

    /** Clocks that stray further are not slow or fast but have another rate. */
    public static final double LIMIT_PPM = 1000;

    /** How sure the drift must be before anything depends on it. */
    private static final double SETTLED_PPM = 10;

    private static final double FEWEST = 16;

    /** After which time an observation counts {@code 1 / e} of what it did. */
    private static final double TIME_CONSTANT_SECONDS = 600;

    /** After how many others it does so where they come slowly. */
    private static final double TIME_CONSTANT_COUNT = 32;

    /** Before the first observation. */
    public static DriftEstimate none() {
        return new DriftEstimate(0, 0, 0, 0, 0, 0, 0, 0, false);
    }

    /**
     * Takes the time stamp of a frame into account.
     *
     * @param now the time of the frame's first sample by the nominal clock, in seconds; later than
     *     the last
     * @param later how much later the frame says that it was, in seconds
     * @param span how much time the frame spans, in seconds
     */
    public DriftEstimate with(double now, double later, double span) {
        double since = now - at;
        double keep = Math.exp(-Math.min(since / TIME_CONSTANT_SECONDS, 1 / TIME_CONSTANT_COUNT));
        DriftEstimate next =
                new DriftEstimate(
                        keep * weight + span,
                        keep * keep * squares + span * span,
                        keep * (time - since * weight),
                        keep * offset + span * later,
                        keep * (timeSquared - 2 * since * time + since * since * weight),
                        keep * (timeOffset - since * offset),
                        keep * offsetSquared + span * later * later,
                        now,
                        isSettled);
        return isSettled || !next.isSure() ? next : next.settled();
    }

    private boolean isSure() {
        return observations() >= FEWEST
                && standardErrorPpm() <= SETTLED_PPM
                && Math.abs(slope()) * 1e6 <= LIMIT_PPM;
    }

    private DriftEstimate settled() {
        return new DriftEstimate(
                weight, squares, time, offset, timeSquared, timeOffset, offsetSquared, at, true);
    }

    /**
     * How many observations of equal weight would tell as much (L. Kish, Survey Sampling, 1965).
     */
    private double observations() {
        return weight * weight / squares;
    }

    /** By how many seconds a second the source's time stamps outrun its samples; 0 if unsettled. */
    public double drift() {
        double most = LIMIT_PPM * 1e-6;
        return isSettled ? Math.max(-most, Math.min(most, slope())) : 0;
    }

    /** {@link #drift()} in parts per million: positive if fewer samples come than should. */
    public double driftPpm() {
        return drift() * 1e6;
    }

    /**
     * How much later than by the nominal clock a sample is, in seconds.
     *
     * @param when its time by the nominal clock, in seconds
     */
    public double offsetAt(double when) {
        if (!isSettled) {
            return 0;
        }
        double drift = drift();
        return (offset - drift * time) / weight + drift * (when - at);
    }

    /** One standard error of the drift, in parts per million; infinite where it cannot be said. */
    public double standardErrorPpm() {
        double spread = spread();
        if (!(spread > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        double mean = offset / weight;
        double variance = offsetSquared / weight - mean * mean;
        double slope = slope();
        double rest = Math.max(variance - slope * slope * spread, 0);
        return 1e6 * Math.sqrt(rest / (observations() * spread));
    }

    private double slope() {
        return (timeOffset / weight - time / weight * (offset / weight)) / spread();
    }

    /** The variance of the observations' times. */
    private double spread() {
        double mean = time / weight;
        return timeSquared / weight - mean * mean;
    }
}
