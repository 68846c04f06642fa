/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import org.jtransforms.fft.DoubleFFT_1D;

/** For lengths that are powers of two: those for which JTransforms needs no memory of its own. */
final class PowerOfTwoTransform implements RealTransform {
    private final DoubleFFT_1D transform;

    /**
     * As JTransforms packs it: real and imaginary parts in turn, but at index 1 the real part of
     * the last bin, as the imaginary ones of the first and the last are 0.
     */
    private final double[] packed;

    PowerOfTwoTransform(int length) {
        transform = new DoubleFFT_1D(length);
        packed = new double[length];
    }

    @Override
    public void forward(double[] series, double[] re, double[] im) {
        System.arraycopy(series, 0, packed, 0, packed.length);
        transform.realForward(packed);
        int last = packed.length / 2;
        re[0] = packed[0];
        im[0] = 0;
        for (int f = 1; f < last; f++) {
            re[f] = packed[2 * f];
            im[f] = packed[2 * f + 1];
        }
        if (last > 0) {
            re[last] = packed[1];
            im[last] = 0;
        }
    }

    @Override
    public void inverse(double[] re, double[] im, double[] series) {
        int last = packed.length / 2;
        packed[0] = re[0];
        for (int f = 1; f < last; f++) {
            packed[2 * f] = re[f];
            packed[2 * f + 1] = im[f];
        }
        if (last > 0) {
            packed[1] = re[last];
        }
        transform.realInverse(packed, true);
        System.arraycopy(packed, 0, series, 0, packed.length);
    }
}
