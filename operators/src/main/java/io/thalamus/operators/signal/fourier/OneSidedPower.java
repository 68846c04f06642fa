/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

/**
 * From spectra to powers: what the squared magnitude of each bin is multiplied by. All bins but
 * that of frequency zero, and of half the rate, stand for two.
 */
final class OneSidedPower {
    private final double[] factors;

    private OneSidedPower(int length, double unit) {
        factors = new double[length / 2 + 1];
        for (int f = 0; f < factors.length; f++) {
            factors[f] = (f == 0 || 2 * f == length ? 1 : 2) / unit;
        }
    }

    /**
     * Power a hertz: summed over frequencies and multiplied by their distance, it is the mean
     * square.
     *
     * @param weights of a block
     * @param hertz the sample rate
     */
    static OneSidedPower density(double[] weights, double hertz) {
        double squares = 0;
        for (double weight : weights) {
            squares += weight * weight;
        }
        return new OneSidedPower(weights.length, hertz * squares);
    }

    /** Power a bin: summed over the bins, it is the mean square. */
    static OneSidedPower share(double[] weights) {
        return density(weights, weights.length);
    }

    /** The power of a wave: one of amplitude {@code a} on a bin has {@code a² / 2} there. */
    static OneSidedPower wave(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        return new OneSidedPower(weights.length, sum * sum);
    }

    /** The power of a bin. */
    double of(double[] re, double[] im, int bin) {
        return (re[bin] * re[bin] + im[bin] * im[bin]) * factors[bin];
    }
}
