/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.SampleRate;

/**
 * Resamples a stream whose sample clock strays to its nominal rate by the clock that its time
 * stamps are of: adaptive resampling, steered by a {@link DriftEstimate} (F. Adriaensen,
 * Controlling adaptive resampling, Linux Audio Conference 2012). Output sample {@code m} of a
 * segment has the time of the segment's start and {@code m} periods of the nominal rate, and is the
 * signal at that time, with the precision of {@link SincInterpolator} and of the estimate.
 *
 * <p>Until the estimate is settled the signal passes as it is. Then the way that is still missing
 * is made up for with a time constant of {@value #SECONDS_TO_CATCH_UP} seconds, by no more than a
 * thousandth of the rate, which is 1.7 cents of pitch.
 *
 * <p>Missing values stay missing where they are nearest, and do not spoil their neighbours.
 *
 * <p>Latency: {@link #latency()} input samples. Allocates nothing but what the blocks grow by. Used
 * by one thread at a time.
 */
public final class DriftCorrection {
    private static final int SECONDS_TO_CATCH_UP = 10;
    private static final double MOST = DriftEstimate.LIMIT_PPM * 1e-6;

    private static final int SEEN = 0;
    private static final int GIVEN = 1;
    private static final int WHOLE = 2;
    private static final int FRACTION = 0;

    private final SincInterpolator interpolator = new SincInterpolator(1);
    private final int channels;
    private final double hertz;
    private final int history;

    /** The samples that outputs depend on; as they came, and with what is missing held over. */
    private final SampleBlock raw;

    private final SampleBlock held;

    /**
     * @param channels how many channels there are
     * @param rate their nominal rate
     */
    public DriftCorrection(int channels, SampleRate rate) {
        this.channels = channels;
        this.hertz = rate.hertz();
        this.history = 2 * interpolator.halfWidth();
        this.raw = new SampleBlock(channels);
        this.held = new SampleBlock(channels);
    }

    /** How many input samples beyond its own an output sample waits for. */
    public int latency() {
        return interpolator.halfWidth();
    }

    /** The state before the first sample of a segment. */
    public TransformState start() {
        return TransformState.zeros(3, 1 + 2 * history * channels);
    }

    /**
     * Takes the next samples of the segment, and appends what they give.
     *
     * @param in is left as it is; not longer than what was read before and {@code Integer.MAX_VALUE
     *     / channels}
     * @param drift the estimate that holds for them
     * @param state is changed in place
     */
    public void apply(SampleBlock in, DriftEstimate drift, TransformState state, SampleBlock out) {
        recall(state);
        raw.append(in, 0, in.length());
        hold(in.length());
        state.counters()[SEEN] += in.length();
        give(state, state.counters()[SEEN] - interpolator.halfWidth(), step(drift, state), out);
        remember(state, in.length());
    }

    /** Appends what the segment still owes; behind its last sample there are zeros. */
    public void finish(DriftEstimate drift, TransformState state, SampleBlock out) {
        recall(state);
        give(state, state.counters()[SEEN], step(drift, state), out);
    }

    /**
     * How many input samples lie between two output samples. The next output is due {@code given}
     * periods after the start; where it would be taken from now has another time, if the offset has
     * grown since.
     */
    private double step(DriftEstimate drift, TransformState state) {
        double position = state.counters()[WHOLE] + state.values()[FRACTION];
        double seconds = position / hertz;
        double behind = (state.counters()[GIVEN] - position) / hertz - drift.offsetAt(seconds);
        double catchUp = Math.max(-MOST, Math.min(MOST, behind / SECONDS_TO_CATCH_UP));
        return (1 + catchUp) / (1 + drift.drift());
    }

    /** Gives all outputs that lie before an input sample. */
    private void give(TransformState state, long end, double step, SampleBlock out) {
        long[] counters = state.counters();
        double fraction = state.values()[FRACTION];
        long whole = counters[WHOLE];
        long first = counters[SEEN] - held.length();
        while (whole < end) {
            int at = out.extend(1);
            int sample = (int) (whole - first);
            if (fraction == 0) { // what passes as it is, does so to the bit
                System.arraycopy(held.values(), sample * channels, out.values(), at, channels);
            } else {
                interpolator.interpolate(held, sample, fraction, out.values(), at);
            }
            keepMissing(fraction < 0.5 ? sample : sample + 1, out.values(), at);
            counters[GIVEN]++;
            fraction += step;
            long passed = (long) fraction;
            whole += passed;
            fraction -= passed;
        }
        counters[WHOLE] = whole;
        state.values()[FRACTION] = fraction;
    }

    private void keepMissing(int nearest, double[] values, int at) {
        int from = Math.min(nearest, raw.length() - 1) * channels;
        for (int channel = 0; channel < channels; channel++) {
            if (Double.isNaN(raw.values()[from + channel])) {
                values[at + channel] = Double.NaN;
            }
        }
    }

    /** Appends the last samples of {@link #raw} to {@link #held}. */
    private void hold(int samples) {
        int at = held.extend(samples);
        for (int i = at; i < at + samples * channels; i++) {
            double value = raw.values()[i];
            held.values()[i] = Double.isNaN(value) ? held.values()[i - channels] : value;
        }
    }

    private void recall(TransformState state) {
        raw.clear();
        held.clear();
        raw.extend(history);
        held.extend(history);
        int size = history * channels;
        System.arraycopy(state.values(), 1, raw.values(), 0, size);
        System.arraycopy(state.values(), 1 + size, held.values(), 0, size);
    }

    private void remember(TransformState state, int added) {
        int size = history * channels;
        System.arraycopy(raw.values(), added * channels, state.values(), 1, size);
        System.arraycopy(held.values(), added * channels, state.values(), 1 + size, size);
    }
}
