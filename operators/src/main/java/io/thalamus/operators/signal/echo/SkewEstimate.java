/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.echo;

import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.fourier.RealFft;

/**
 * Finds by how much the clocks of the far end and of the microphone differ. As one outruns the
 * other, the echo comes later and later, or earlier and earlier, and the response that a {@link
 * KalmanFilter} learns moves along. After every {@value #INTERVAL_SECONDS} s in which it could
 * learn, the response is compared with that of the time before: where their correlation, each bin
 * weighed by the far end's amplitude, is largest, by so much it has moved. The near end, noise and
 * pauses are the filter's business, which has weighed them already.
 *
 * <p>What the response has moved, and what resampling has spared it, add up to the way of the echo,
 * through which a line is laid: the growing-memory g-h filter (E. Brookner, Tracking and Kalman
 * Filtering Made Easy, 1998), whose memory no longer grows after {@value #LONGEST} intervals. Its
 * slope is the skew. So the loop is closed as in M. Pawig, G. Enzner and P. Vary, "Adaptive
 * Sampling Rate Correction for Acoustic Echo Control in Voice-Over-IP", IEEE Transactions on Signal
 * Processing 58, 2010, where it is steered by the gradient of what is left of the echo; the turning
 * of the filter instead does not depend on how loud that is.
 *
 * <p>An interval tells nothing if the responses are too unlike, as where the room has changed, or
 * if it is alone in straying from the line by {@value #STRANGE_ERRORS} times what is usual, as
 * where a loudspeaker has been moved. The skew is known, from then on, once it is at least {@value
 * #LEAST_PPM} parts per million and {@value #SURE_ERRORS} standard errors.
 *
 * <p>In a state, from {@code at} on: the skew; by how many samples the echo is later than the line;
 * the mean square by which the line was missed; the response of the time before.
 */
final class SkewEstimate {
    private static final double INTERVAL_SECONDS = 1;

    /** Below it, two responses are not of one room. */
    private static final double LEAST_LIKENESS = 0.5;

    /** By how much more than a margin in samples a response is taken to move at most. */
    private static final double MOST_PPM = 500;

    private static final int MARGIN = 4;

    /** After how many intervals the skew may be known. */
    private static final int FEWEST = 4;

    private static final double LEAST_PPM = 3;
    private static final double SURE_ERRORS = 5;
    private static final double STRANGE_ERRORS = 5;

    /** By so much the line is taken to be missed however well the first intervals agree. */
    private static final double LEAST_ERROR_SECONDS = 5e-6;

    private static final int LONGEST = 16;
    private static final int NEWTON_STEPS = 5;

    /** How many counters it has. */
    static final int COUNTERS = 5;

    private static final int TAKEN = 0;
    private static final int LEARNT = 1;
    private static final int INTERVALS = 2;
    private static final int STRANGE = 3;
    private static final int KNOWN = 4;

    private final KalmanFilter filter;
    private final int hop;
    private final int interval;
    private final double leastError;
    private final int most;
    private final int countersAt;
    private final int skewAt;
    private final int laterAt;
    private final int squareAt;
    private final int beforeAt;
    private final int end;

    private final RealFft fft;
    private final double[] re;
    private final double[] im;
    private final double[] correlation;

    SkewEstimate(Sizes sizes, KalmanFilter filter, double rate, int countersAt, int at) {
        this.filter = filter;
        this.hop = sizes.hop();
        this.interval = (int) Math.max(1, Math.round(INTERVAL_SECONDS * rate / hop));
        this.leastError = LEAST_ERROR_SECONDS * rate;
        double furthest = MARGIN + MOST_PPM * 1e-6 * interval * hop;
        this.most = (int) Math.min(hop / 2, furthest);
        this.countersAt = countersAt;
        this.skewAt = at;
        this.laterAt = skewAt + 1;
        this.squareAt = laterAt + 1;
        this.beforeAt = squareAt + 1;
        this.end = beforeAt + filter.responseSize();
        this.fft = new RealFft(sizes.frame());
        this.re = new double[sizes.bins()];
        this.im = new double[sizes.bins()];
        this.correlation = new double[sizes.frame()];
    }

    /** Where what it keeps in a state ends. */
    int end() {
        return end;
    }

    /** Whether the clocks are known to differ. */
    boolean isKnown(TransformState state) {
        return state.counters()[countersAt + KNOWN] != 0;
    }

    /** How many samples of the far end, more than one, there are for one of the microphone. */
    double skew(TransformState state) {
        return state.values()[skewAt];
    }

    /** Begins an interval anew, as what was learnt is about to move for another reason. */
    void interrupt(TransformState state) {
        state.counters()[countersAt + TAKEN] = 0;
        state.counters()[countersAt + LEARNT] = 0;
    }

    /** The far end is resampled from now on: lays the line anew, with the slope that it has. */
    void begin(TransformState state) {
        interrupt(state);
        state.counters()[countersAt + INTERVALS] = FEWEST;
        state.values()[laterAt] = 0;
    }

    /** Knows nothing any more. */
    void forget(TransformState state) {
        interrupt(state);
        state.counters()[countersAt + INTERVALS] = 0;
        state.counters()[countersAt + STRANGE] = 0;
        state.counters()[countersAt + KNOWN] = 0;
        state.values()[skewAt] = 0;
        state.values()[laterAt] = 0;
        state.values()[squareAt] = 0;
    }

    /**
     * Takes into account what the filter has learnt from a block in which no channel is silent.
     *
     * @param resampled whether the far end was resampled by the skew
     */
    void take(long block, boolean resampled, TransformState state) {
        long[] counters = state.counters();
        if (++counters[countersAt + LEARNT] < interval) {
            return;
        }
        long taken = counters[countersAt + TAKEN];
        if (taken > 0) {
            double moved = moved(state.values());
            if (!Double.isNaN(moved)) {
                double spared = resampled ? skew(state) : 0;
                double samples = (double) (block + 1 - taken) * hop;
                follow(moved - spared * samples, samples, state);
            }
        }
        filter.copyResponse(state.values(), beforeAt);
        counters[countersAt + TAKEN] = block + 1;
        counters[countersAt + LEARNT] = 0;
    }

    /** Goes on with the line by an interval, in which the echo has become later. */
    private void follow(double later, double samples, TransformState state) {
        long[] counters = state.counters();
        double[] values = state.values();
        double missed = values[laterAt] + later + values[skewAt] * samples;
        long k = Math.min(counters[countersAt + INTERVALS] + 1, LONGEST);
        boolean strange = k > 2 && Math.abs(missed) > STRANGE_ERRORS * error(values);
        if (strange && counters[countersAt + STRANGE] == 0) {
            counters[countersAt + STRANGE] = 1;
            return;
        }
        counters[countersAt + STRANGE] = 0;
        counters[countersAt + INTERVALS] = k;
        double terms = (k + 1.0) * (k + 2.0);
        values[laterAt] = (1 - 2 * (2 * k + 1) / terms) * missed;
        values[skewAt] -= 6 / terms * missed / samples;
        if (k > 1) { // a line through two points misses none
            values[squareAt] += (missed * missed - values[squareAt]) / (k - 1);
        }
        // The variance of the slope of a line through k + 1 points.
        double doubt = Math.sqrt(12 / (k * terms)) * error(values) / (interval * hop);
        double least = Math.max(LEAST_PPM * 1e-6, SURE_ERRORS * doubt);
        if (k >= FEWEST && Math.abs(values[skewAt]) >= least) {
            counters[countersAt + KNOWN] = 1;
        }
    }

    private double error(double[] values) {
        return Math.max(leastError, Math.sqrt(values[squareAt]));
    }

    /** By how many samples the response has moved since the time before; NaN if that is unknown. */
    private double moved(double[] state) {
        double alike = filter.compareResponse(state, beforeAt, re, im);
        fft.inverse(re, im, correlation);
        int best = 0;
        for (int lag = -most; lag <= most; lag++) {
            if (at(lag) > at(best)) {
                best = lag;
            }
        }
        double lag = best;
        double sum = 0;
        for (int step = 0; step < NEWTON_STEPS; step++) { // Newton's, to the top between samples
            double slope = 0;
            double curvature = 0;
            sum = 0;
            for (int f = 1; f < re.length; f++) {
                double w = Math.PI * f / hop;
                double cos = StrictMath.cos(w * lag);
                double sin = StrictMath.sin(w * lag);
                double along = re[f] * cos - im[f] * sin;
                slope += w * (im[f] * cos + re[f] * sin);
                curvature += w * w * Math.abs(along);
                sum += along;
            }
            lag -= slope / curvature;
        }
        return sum > LEAST_LIKENESS * alike && Math.abs(lag) <= most ? lag : Double.NaN;
    }

    private double at(int lag) {
        return correlation[Math.floorMod(lag, correlation.length)];
    }
}
