/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.schemas.InvalidInputException;

/**
 * A real signal with its Hilbert transform as imaginary part, so that it has no negative
 * frequencies: {@code scipy.signal.hilbert}. It takes the whole signal at once, and to it the
 * signal's end is followed by its beginning (Marple, "Computing the Discrete-Time Analytic Signal
 * via FFT", IEEE Transactions on Signal Processing 47, 1999). A missing value makes all of the
 * imaginary part missing.
 *
 * @param re the signal
 * @param im its Hilbert transform, of the same length and unit
 */
public record AnalyticSignal(double[] re, double[] im) {

    /**
     * The analytic signal of a channel.
     *
     * @param samples at least 1
     */
    public static AnalyticSignal of(double[] samples) {
        if (samples.length == 0) {
            throw new InvalidInputException("hilbert: there are no samples; give at least 1");
        }
        RealFft fft = new RealFft(samples.length);
        double[] re = new double[fft.bins()];
        double[] im = new double[fft.bins()];
        fft.forward(samples, re, im);
        // A quarter of a turn backwards, which leaves nothing of frequencies without a sign.
        for (int f = 0; f < re.length; f++) {
            double real = re[f];
            re[f] = f == 0 || 2 * f == samples.length ? 0 : im[f];
            im[f] = -real;
        }
        double[] imaginary = new double[samples.length];
        fft.inverse(re, im, imaginary);
        return new AnalyticSignal(samples.clone(), imaginary);
    }

    /** The magnitude: how strong the signal is at each sample. */
    public double[] envelope() {
        double[] envelope = new double[re.length];
        for (int n = 0; n < re.length; n++) {
            envelope[n] = Math.sqrt(re[n] * re[n] + im[n] * im[n]);
        }
        return envelope;
    }
}
