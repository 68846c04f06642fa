/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import java.util.Arrays;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * For lengths with a large prime factor: the transform as a convolution with a chirp, by transforms
 * whose length is a power of two (Bluestein, "A Linear Filtering Approach to the Computation of the
 * Discrete Fourier Transform", IEEE Transactions on Audio and Electroacoustics 18, 1970). As {@code
 * 2 f t} is {@code f² + t² - (f - t)²}, a sum over {@code t} of {@code x[t] w^(2 f t)} is {@code
 * w^(f²)} times one of {@code x[t] w^(t²)} and {@code w^(-(f - t)²)}. A series is real, so that
 * only half of the bins are wanted, and half as long a convolution will do.
 */
final class ChirpTransform implements RealTransform {
    private final int length;
    private final int bins;

    /** {@code w^(n²)} with {@code w = exp(-pi i / length)}, real and imaginary parts. */
    private final double[] re;

    private final double[] im;

    /** Of the convolution, a power of two. */
    private final int size;

    private final DoubleFFT_1D transform;

    /**
     * The transform of {@code w^(-n²)} over the size; complex, for n from 1 - length to bins - 1.
     */
    private final double[] kernel;

    private final double[] work;

    ChirpTransform(int length) {
        this.length = length;
        bins = length / 2 + 1;
        re = new double[length];
        im = new double[length];
        for (int n = 0; n < length; n++) {
            // The square is taken modulo a whole turn, as large angles have few digits.
            double angle = -Math.PI * ((long) n * n % (2L * length)) / length;
            re[n] = StrictMath.cos(angle);
            im[n] = StrictMath.sin(angle);
        }
        size = Integer.highestOneBit(length + bins - 2) << 1;
        transform = new DoubleFFT_1D(size);
        work = new double[2 * size];
        kernel = new double[2 * size];
        for (int n = 1 - length; n < bins; n++) {
            int at = 2 * Math.floorMod(n, size);
            kernel[at] = re[Math.abs(n)] / size;
            kernel[at + 1] = -im[Math.abs(n)] / size;
        }
        transform.complexForward(kernel);
    }

    @Override
    public void forward(double[] series, double[] real, double[] imaginary) {
        for (int t = 0; t < length; t++) {
            work[2 * t] = series[t] * re[t];
            work[2 * t + 1] = series[t] * im[t];
        }
        convolve(length, 1);
        for (int f = 0; f < bins; f++) {
            real[f] = work[2 * f] * re[f] - work[2 * f + 1] * im[f];
            imaginary[f] = work[2 * f] * im[f] + work[2 * f + 1] * re[f];
        }
        imaginary[0] = 0;
        if (length % 2 == 0) {
            imaginary[bins - 1] = 0;
        }
    }

    /** The real part of the forward transform of the conjugates, as the series is real. */
    @Override
    public void inverse(double[] real, double[] imaginary, double[] series) {
        for (int f = 0; f < bins; f++) {
            // All bins but that of frequency zero, and of half the rate, stand for two.
            boolean single = f == 0 || 2 * f == length;
            double a = (single ? 1.0 : 2.0) / length * real[f];
            double b = single ? 0 : -2.0 / length * imaginary[f];
            work[2 * f] = a * re[f] - b * im[f];
            work[2 * f + 1] = a * im[f] + b * re[f];
        }
        convolve(bins, -1);
        for (int t = 0; t < length; t++) {
            series[t] = work[2 * t] * re[t] - work[2 * t + 1] * im[t];
        }
    }

    /**
     * Convolves the work with the chirp.
     *
     * @param count how many complex values the work holds
     * @param direction -1 to have the chirp reversed, where there are more outputs than inputs
     */
    private void convolve(int count, int direction) {
        Arrays.fill(work, 2 * count, work.length, 0);
        transform.complexForward(work);
        for (int f = 0; f < size; f++) {
            int k = 2 * (direction * f & size - 1);
            double a = work[2 * f];
            double b = work[2 * f + 1];
            work[2 * f] = a * kernel[k] - b * kernel[k + 1];
            work[2 * f + 1] = a * kernel[k + 1] + b * kernel[k];
        }
        transform.complexInverse(work, false);
    }
}
