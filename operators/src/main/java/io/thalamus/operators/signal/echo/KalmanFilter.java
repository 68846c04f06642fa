/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.echo;

import io.thalamus.operators.signal.Denormals;
import io.thalamus.operators.signal.fourier.RealFft;
import java.util.Arrays;

/**
 * Learns the response between the far end and the microphone: the partitioned-block
 * frequency-domain Kalman filter with a diagonal covariance (Kuech, Mabande and Enzner,
 * "State-Space Architecture of the Partitioned-Block-Based Acoustic Echo Controller", ICASSP 2014;
 * after Enzner and Vary, "Frequency-Domain Adaptive Kalman Filter for Acoustic Echo Control in
 * Hands-Free Telephones", Signal Processing 86, 2006).
 *
 * <p>Each partition is the spectrum of a block of the response, and its uncertainty the variance of
 * the error of each bin. The step of a bin is the share that the uncertainties explain of the power
 * to be expected of the error; the rest is the near end, whose power is followed with a time
 * constant of {@value #NEAR_END_SECONDS} s. The response is taken to wander with a time constant of
 * {@value #PATH_SECONDS} s: as much uncertainty comes back. It never falls for good below a share
 * of what it was at first, so that what a long silence, or a long talk of the near end, leaves, can
 * still learn. The learnt response itself does not leak.
 *
 * <p>In a state, from {@code at} on: the power of the near end for each bin; real parts, imaginary
 * parts and uncertainties of all partitions; real and imaginary parts of the last spectra of the
 * far end, that of block {@code b} in the place {@code b mod spectra}.
 */
final class KalmanFilter {
    private static final double NEAR_END_SECONDS = 0.16;
    private static final double PATH_SECONDS = 8;

    /** The uncertainty of the first partition at the start, as a power gain. */
    private static final double FIRST_UNCERTAINTY = 0.02;

    /** Time constant with which later partitions are expected to have less power. */
    private static final double REVERBERATION_SECONDS = 0.08;

    /** The least that wanders, as a share of the uncertainty at the start. */
    private static final double LEAST_SHARE = 0.1;

    /** Of the power that a block has as the second half of a frame, in the mean over the frame. */
    private static final double HALF = 0.5;

    /** Keeps a quotient of zeros finite; far below the power of any signal. */
    private static final double NOTHING = 1e-100;

    private final Sizes sizes;
    private final int bins;
    private final int nearEndAt;
    private final int realAt;
    private final int imaginaryAt;
    private final int uncertaintyAt;
    private final int farRealAt;
    private final int farImaginaryAt;
    private final int end;

    private final double nearEndShare;
    private final double kept;
    private final double[] prior;

    private final RealFft fft;
    private final double[] series;
    private final double[] re;
    private final double[] im;
    private final double[] errorReal;
    private final double[] errorImaginary;
    private final double[] expected;

    KalmanFilter(Sizes sizes, double rate, int at) {
        this.sizes = sizes;
        this.bins = sizes.bins();
        this.nearEndAt = at;
        this.realAt = nearEndAt + bins;
        this.imaginaryAt = realAt + sizes.partitions() * bins;
        this.uncertaintyAt = imaginaryAt + sizes.partitions() * bins;
        this.farRealAt = uncertaintyAt + sizes.partitions() * bins;
        this.farImaginaryAt = farRealAt + sizes.spectra() * bins;
        this.end = farImaginaryAt + sizes.spectra() * bins;
        double seconds = sizes.hop() / rate;
        this.nearEndShare = 1 - StrictMath.exp(-seconds / NEAR_END_SECONDS);
        this.kept = StrictMath.exp(-2 * seconds / PATH_SECONDS);
        this.prior = new double[sizes.partitions()];
        Arrays.setAll(
                prior,
                p -> FIRST_UNCERTAINTY * StrictMath.exp(-p * seconds / REVERBERATION_SECONDS));
        this.fft = new RealFft(sizes.frame());
        this.series = new double[sizes.frame()];
        this.re = new double[bins];
        this.im = new double[bins];
        this.errorReal = new double[bins];
        this.errorImaginary = new double[bins];
        this.expected = new double[bins];
    }

    /** Where what it keeps in a state ends. */
    int end() {
        return end;
    }

    /** Sets what it keeps as before the first block; the rest of it is zero. */
    void start(double[] state) {
        doubt(state);
    }

    /**
     * Takes a block of the far end.
     *
     * @param frame the block and the one before
     */
    void hear(double[] frame, long block, double[] state) {
        fft.forward(frame, re, im);
        int slot = slot(block);
        System.arraycopy(re, 0, state, farRealAt + slot, bins);
        System.arraycopy(im, 0, state, farImaginaryAt + slot, bins);
    }

    /**
     * The echo in a block.
     *
     * @param delay blocks by which the response begins later
     * @param echo takes the samples of the block
     */
    void estimate(long block, int delay, double[] state, double[] echo) {
        Arrays.fill(re, 0);
        Arrays.fill(im, 0);
        for (int p = 0; p < sizes.partitions(); p++) {
            int slot = slot(block - delay - p);
            int xr = farRealAt + slot;
            int xi = farImaginaryAt + slot;
            int wr = realAt + p * bins;
            int wi = imaginaryAt + p * bins;
            for (int f = 0; f < bins; f++) {
                re[f] += state[xr + f] * state[wr + f] - state[xi + f] * state[wi + f];
                im[f] += state[xr + f] * state[wi + f] + state[xi + f] * state[wr + f];
            }
        }
        fft.inverse(re, im, series);
        System.arraycopy(series, sizes.hop(), echo, 0, sizes.hop());
    }

    /**
     * Learns from what the estimate has left of a block.
     *
     * @param learnt blocks that have been learnt from
     */
    void learn(double[] error, long block, int delay, long learnt, double[] state) {
        Arrays.fill(series, 0, sizes.hop(), 0);
        System.arraycopy(error, 0, series, sizes.hop(), sizes.hop());
        fft.forward(series, errorReal, errorImaginary);
        expect(block, delay, Math.max(nearEndShare, 1.0 / (learnt + 1)), state);
        for (int p = 0; p < sizes.partitions(); p++) {
            learn(p, slot(block - delay - p), state);
        }
    }

    /** The power to be expected of the error, by bin: that of its own, and of the near end. */
    private void expect(long block, int delay, double share, double[] state) {
        Arrays.fill(expected, NOTHING);
        for (int p = 0; p < sizes.partitions(); p++) {
            int slot = slot(block - delay - p);
            int xr = farRealAt + slot;
            int xi = farImaginaryAt + slot;
            int u = uncertaintyAt + p * bins;
            for (int f = 0; f < bins; f++) {
                double power = state[xr + f] * state[xr + f] + state[xi + f] * state[xi + f];
                expected[f] += HALF * power * state[u + f];
            }
        }
        for (int f = 0; f < bins; f++) {
            double error = errorReal[f] * errorReal[f] + errorImaginary[f] * errorImaginary[f];
            double before = state[nearEndAt + f];
            double now = Math.max(0, error - expected[f]);
            double nearEnd = Denormals.flushed(before + share * (now - before));
            state[nearEndAt + f] = nearEnd;
            expected[f] += nearEnd;
        }
    }

    private void learn(int p, int slot, double[] state) {
        int xr = farRealAt + slot;
        int xi = farImaginaryAt + slot;
        int wr = realAt + p * bins;
        int wi = imaginaryAt + p * bins;
        int u = uncertaintyAt + p * bins;
        double least = LEAST_SHARE * prior[p];
        double loudest = 0;
        for (int f = 0; f < bins; f++) {
            double power = state[xr + f] * state[xr + f] + state[xi + f] * state[xi + f];
            double uncertainty = state[u + f];
            double step = uncertainty / expected[f];
            // The step times the error, by the conjugate of the far end.
            re[f] = step * (state[xr + f] * errorReal[f] + state[xi + f] * errorImaginary[f]);
            im[f] = step * (state[xr + f] * errorImaginary[f] - state[xi + f] * errorReal[f]);
            double response = state[wr + f] * state[wr + f] + state[wi + f] * state[wi + f];
            double left = Math.max(0, 1 - HALF * step * power) * uncertainty;
            state[u + f] = kept * left + (1 - kept) * Math.max(response, least);
            loudest = Math.max(loudest, power);
        }
        if (loudest == 0) {
            return;
        }
        // Of a partition's response only the first half is linear convolution.
        fft.inverse(re, im, series);
        Arrays.fill(series, sizes.hop(), sizes.frame(), 0);
        fft.forward(series, re, im);
        for (int f = 0; f < bins; f++) {
            state[wr + f] += re[f];
            state[wi + f] += im[f];
        }
    }

    /**
     * Has the response begin some blocks later, or earlier if negative. What was learnt moves
     * along.
     */
    void delay(int blocks, double[] state) {
        move(realAt, blocks, state);
        move(imaginaryAt, blocks, state);
        move(uncertaintyAt, blocks, state);
        doubt(state);
    }

    /** Moves partitions to lower numbers, or to higher if negative, and zeros in behind them. */
    private void move(int at, int by, double[] state) {
        int length = sizes.partitions() * bins;
        int distance = Math.min(Math.abs(by) * bins, length);
        if (by > 0) {
            System.arraycopy(state, at + distance, state, at, length - distance);
            Arrays.fill(state, at + length - distance, at + length, 0);
        } else {
            System.arraycopy(state, at, state, at + distance, length - distance);
            Arrays.fill(state, at, at + distance, 0);
        }
    }

    /** Makes all that was learnt at least as uncertain as nothing. */
    private void doubt(double[] state) {
        for (int p = 0; p < sizes.partitions(); p++) {
            int u = uncertaintyAt + p * bins;
            for (int f = 0; f < bins; f++) {
                state[u + f] = Math.max(state[u + f], prior[p]);
            }
        }
    }

    /** Values that a copy of what has been learnt takes. */
    int responseSize() {
        return uncertaintyAt - realAt;
    }

    /** Copies what has been learnt to another place of the state. */
    void copyResponse(double[] state, int to) {
        System.arraycopy(state, realAt, state, to, responseSize());
    }

    /**
     * The cross-spectrum of what has been learnt and of a copy of earlier: the sum over partitions
     * of the one by the other's conjugate, each bin times the amplitude of the far end.
     *
     * @param copy where in the state the copy is
     * @param re takes the real parts
     * @param im takes the imaginary parts
     * @return what it would sum up to, but for the bin of 0 Hz, if both were alike in all but their
     *     strength
     */
    double compareResponse(double[] state, int copy, double[] re, double[] im) {
        Arrays.fill(expected, 0);
        for (int slot = 0; slot < sizes.spectra(); slot++) {
            int xr = farRealAt + slot * bins;
            int xi = farImaginaryAt + slot * bins;
            for (int f = 0; f < bins; f++) {
                expected[f] += state[xr + f] * state[xr + f] + state[xi + f] * state[xi + f];
            }
        }
        Arrays.fill(re, 0);
        Arrays.fill(im, 0);
        double now = 0;
        double before = 0;
        for (int f = 0; f < bins; f++) {
            double amplitude = Math.sqrt(expected[f]);
            double powerNow = 0;
            double powerBefore = 0;
            for (int at = f; at < sizes.partitions() * bins; at += bins) {
                double wr = state[realAt + at];
                double wi = state[imaginaryAt + at];
                double vr = state[copy + at];
                double vi = state[copy + imaginaryAt - realAt + at];
                re[f] += amplitude * (wr * vr + wi * vi);
                im[f] += amplitude * (wi * vr - wr * vi);
                powerNow += wr * wr + wi * wi;
                powerBefore += vr * vr + vi * vi;
            }
            now += f == 0 ? 0 : amplitude * powerNow;
            before += f == 0 ? 0 : amplitude * powerBefore;
        }
        return Math.sqrt(now * before);
    }

    private int slot(long block) {
        return (int) Math.floorMod(block, (long) sizes.spectra()) * bins;
    }
}
