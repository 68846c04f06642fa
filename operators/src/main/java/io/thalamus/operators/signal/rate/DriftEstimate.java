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
 * <p>The sums are kept relative to the time of the last observation, so that no figure grows with
 * the length of the stream.
 *
 * @param count how many observations there were, the older ones counting less
 * @param weight the sum of their weights, in seconds
 * @param time the weighted sum of their times, in seconds
 * @param offset of their offsets: how much later than by the nominal clock they were, in seconds
 * @param timeSquared of the squares of their times
 * @param timeOffset of the products of times and offsets
 * @param offsetSquared of the squares of their offsets
 * @param at the time of the last observation by the nominal clock, in seconds
 */
public record DriftEstimate(
        double count,
        double weight,
        double time,
        double offset,
        double timeSquared,
        double timeOffset,
        double offsetSquared,
        double at) {

    /** Clocks that stray further are not slow or fast but have another rate. */
    public static final double LIMIT_PPM = 1000;

    /** How sure the drift must be before anything depends on it. */
    private static final double SETTLED_PPM = 10;

    private static final double FEWEST = 16;

    /** After which time an observation counts {@code 1 / e} of what it did. */
    private static final double TIME_CONSTANT_SECONDS = 600;

    /** Before the first observation. */
    public static DriftEstimate none() {
        return new DriftEstimate(0, 0, 0, 0, 0, 0, 0, 0);
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
        double keep = count == 0 ? 0 : Math.exp(-since / TIME_CONSTANT_SECONDS);
        return new DriftEstimate(
                keep * count + 1,
                keep * weight + span,
                keep * (time - since * weight),
                keep * offset + span * later,
                keep * (timeSquared - 2 * since * time + since * since * weight),
                keep * (timeOffset - since * offset),
                keep * offsetSquared + span * later * later,
                now);
    }

    /**
     * The same after the source's time was set: all offsets as they would have been had it been so
     * from the start.
     *
     * @param by how much later it is now, in seconds
     */
    public DriftEstimate shifted(double by) {
        return new DriftEstimate(
                count,
                weight,
                time,
                offset + by * weight,
                timeSquared,
                timeOffset + by * time,
                offsetSquared + 2 * by * offset + by * by * weight,
                at);
    }

    /**
     * Whether the drift is known to within ten parts in a million (one standard error). Until then
     * {@link #drift()} and {@link #offsetAt} are 0.
     */
    public boolean isSettled() {
        double ppm = standardErrorPpm();
        return count >= FEWEST && ppm <= SETTLED_PPM && Math.abs(slope()) * 1e6 <= LIMIT_PPM;
    }

    /** By how many seconds a second the source's time stamps outrun its samples; 0 if unsettled. */
    public double drift() {
        return isSettled() ? slope() : 0;
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
        if (!isSettled()) {
            return 0;
        }
        double slope = slope();
        return (offset - slope * time) / weight + slope * (when - at);
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
        return 1e6 * Math.sqrt(rest / (count * spread));
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
