/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.echo;

import io.thalamus.operators.signal.Denormals;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.fourier.RealFft;
import java.util.Arrays;

/**
 * Finds by how much the microphone lags behind the far end: generalised cross-correlation with the
 * phase transform (Knapp and Carter, "The Generalized Correlation Method for Estimation of Time
 * Delay", IEEE Transactions ASSP 24, 1976). The cross-spectrum of the last samples is taken every
 * {@value #INTERVAL_SECONDS} s, and forgotten with a time constant of {@value #MEMORY_SECONDS} s,
 * in which stretches with a silent channel do not count. Of its phases alone a correlation is made,
 * which over all lags has the mean square {@code 1 / length}; the lag is where it first is more
 * than half as large as where it is largest, of either sign, as what reaches the microphone first
 * need not be the strongest. It counts if the largest is {@value #LEAST_PEAK} times the root mean
 * square, which noise does not reach, and if the lag was the same, within half a block, the time
 * before.
 *
 * <p>The delay, in whole blocks, leaves at least half a block before the lag. It changes when the
 * lag has come before that, or is a block and a half behind, so that a drifting clock moves it once
 * in a while and not back and forth.
 *
 * <p>In a state, from {@code at} on: the last samples of the microphone and of the far end, block
 * {@code b} in the place {@code b mod blocks}; real and imaginary parts of the cross-spectrum. Of
 * the counters: the lag found last, and how often in a row.
 */
final class DelaySearch {
    private static final double INTERVAL_SECONDS = 0.128;
    private static final double MEMORY_SECONDS = 1.2;
    private static final double LEAST_PEAK = 8;
    private static final double FIRST_SHARE = 0.5;
    private static final int TIMES = 2;

    /** In place of a delay. */
    static final int TOO_EARLY = -1;

    /** How many counters it has. */
    static final int COUNTERS = 2;

    private static final int LAG = 0;
    private static final int FOUND = 1;

    private final Sizes sizes;
    private final int interval;
    private final double kept;
    private final int countersAt;

    /** Blocks of the microphone that are correlated with twice as many of the far end. */
    private final int blocks;

    private final int microphoneAt;
    private final int farEndAt;
    private final int realAt;
    private final int imaginaryAt;
    private final int end;

    private final RealFft fft;
    private final double least;
    private final double[] series;
    private final double[] microphoneReal;
    private final double[] microphoneImaginary;
    private final double[] farEndReal;
    private final double[] farEndImaginary;

    DelaySearch(Sizes sizes, double rate, int countersAt, int at) {
        this.sizes = sizes;
        this.countersAt = countersAt;
        double seconds = sizes.hop() / rate;
        this.interval = (int) Math.max(1, Math.round(INTERVAL_SECONDS / seconds));
        this.kept = StrictMath.exp(-interval * seconds / MEMORY_SECONDS);
        this.blocks = 2 * Integer.highestOneBit(sizes.delays());
        int length = 2 * blocks * sizes.hop();
        this.fft = new RealFft(length);
        this.least = LEAST_PEAK / Math.sqrt(length);
        this.series = new double[length];
        this.microphoneReal = new double[fft.bins()];
        this.microphoneImaginary = new double[fft.bins()];
        this.farEndReal = new double[fft.bins()];
        this.farEndImaginary = new double[fft.bins()];
        this.microphoneAt = at;
        this.farEndAt = microphoneAt + blocks * sizes.hop();
        this.realAt = farEndAt + length;
        this.imaginaryAt = realAt + fft.bins();
        this.end = imaginaryAt + fft.bins();
    }

    /** Where what it keeps in a state ends. */
    int end() {
        return end;
    }

    /**
     * Takes a block of both channels, without missing values, the far end as the second half of an
     * array.
     *
     * @param delay the delay as it is, in blocks
     * @param late samples by which the far end is late in any case
     * @return the delay from the next block on; {@link #TOO_EARLY} if the echo was found to come
     *     before a far end that is late
     */
    int take(
            double[] microphone,
            double[] farEnd,
            long block,
            int delay,
            int late,
            TransformState memory) {
        double[] state = memory.values();
        int hop = sizes.hop();
        int place = (int) (block % blocks) * hop;
        System.arraycopy(microphone, 0, state, microphoneAt + place, hop);
        place = (int) (block % (2L * blocks)) * hop;
        System.arraycopy(farEnd, hop, state, farEndAt + place, hop);
        boolean due = (block + 1) % interval == 0;
        return due && correlate(block + 1, state) ? decide(delay, late, memory.counters()) : delay;
    }

    /** Takes the cross-spectrum and the correlation; false if a channel is silent. */
    private boolean correlate(long next, double[] state) {
        int hop = sizes.hop();
        // The microphone stands where the second half of the far end does, behind zeros.
        Arrays.fill(series, 0, blocks * hop, 0);
        unroll(state, microphoneAt, blocks, next, blocks * hop);
        if (isSilent()) {
            return false;
        }
        fft.forward(series, microphoneReal, microphoneImaginary);
        unroll(state, farEndAt, 2 * blocks, next, 0);
        if (isSilent()) {
            return false;
        }
        fft.forward(series, farEndReal, farEndImaginary);
        for (int f = 0; f < farEndReal.length; f++) {
            double re =
                    microphoneReal[f] * farEndReal[f] + microphoneImaginary[f] * farEndImaginary[f];
            double im =
                    microphoneImaginary[f] * farEndReal[f] - microphoneReal[f] * farEndImaginary[f];
            re = Denormals.flushed(kept * state[realAt + f] + re);
            im = Denormals.flushed(kept * state[imaginaryAt + f] + im);
            state[realAt + f] = re;
            state[imaginaryAt + f] = im;
            double size = Math.sqrt(re * re + im * im);
            farEndReal[f] = size > 0 ? re / size : 0;
            farEndImaginary[f] = size > 0 ? im / size : 0;
        }
        fft.inverse(farEndReal, farEndImaginary, series);
        return true;
    }

    /** Puts blocks in the order of time, of which the one before {@code next} came last. */
    private void unroll(double[] state, int at, int count, long next, int to) {
        int first = (int) (next % count) * sizes.hop();
        int length = count * sizes.hop();
        System.arraycopy(state, at + first, series, to, length - first);
        System.arraycopy(state, at, series, to + length - first, first);
    }

    private boolean isSilent() {
        for (double value : series) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /** The lag that was found last, in samples. */
    long lag(TransformState memory) {
        return memory.counters()[countersAt + LAG];
    }

    /** Whether that lag was found often enough in a row to count. */
    boolean isSure(TransformState memory) {
        return isSure(memory.counters());
    }

    private boolean isSure(long[] counters) {
        return counters[countersAt + FOUND] >= TIMES;
    }

    private int decide(int delay, int late, long[] counters) {
        int hop = sizes.hop();
        int lags = (sizes.delays() + 1) * hop;
        double largest = 0;
        for (int lag = 0; lag < lags; lag++) {
            largest = Math.max(largest, Math.abs(series[lag]));
        }
        if (largest < least) {
            counters[countersAt + FOUND] = 0;
            return delay;
        }
        int lag = 0;
        while (Math.abs(series[lag]) <= FIRST_SHARE * largest) {
            lag++;
        }
        boolean again = Math.abs(lag - counters[countersAt + LAG]) <= hop / 2;
        counters[countersAt + LAG] = lag;
        counters[countersAt + FOUND] = again ? counters[countersAt + FOUND] + 1 : 1;
        if (!isSure(counters)) {
            return delay;
        }
        if (lag < late) {
            return TOO_EARLY;
        }
        int found = delay(lag - late);
        boolean outside = found < delay || found > delay + 1;
        return outside ? found : delay;
    }

    /** The delay that leaves half a block before a lag. */
    int delay(long lag) {
        int hop = sizes.hop();
        return (int) Math.min(Math.max(0, lag - hop / 2) / hop, sizes.delays());
    }
}
