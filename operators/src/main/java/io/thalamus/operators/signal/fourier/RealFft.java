/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import org.jtransforms.fft.DoubleFFT_1D;
import org.visnow.jlargearrays.ConcurrencyUtils;

/**
 * The discrete Fourier transform of real series of one length, in float64, on the calling thread.
 * Used by one thread at a time. Where the length is a power of two, a call allocates nothing; for
 * others JTransforms allocates working memory of about the series' size.
 */
public final class RealFft {
    static {
        // JTransforms would start threads of its own from 8192 samples on.
        ConcurrencyUtils.setNumberOfThreads(1);
    }

    private final int length;
    private final DoubleFFT_1D transform;
    private final double[] packed;

    /**
     * Prepares transforms.
     *
     * @param length samples of a series; any number of at least 1
     */
    public RealFft(int length) {
        this.length = length;
        this.transform = new DoubleFFT_1D(length);
        this.packed = new double[length];
    }

    public int length() {
        return length;
    }

    /** Frequencies from zero to half the sample rate: {@code length / 2 + 1}. */
    public int bins() {
        return length / 2 + 1;
    }

    /**
     * The transform {@code sum over t of x[t] exp(-2 pi i f t / length)}, not normalised: NumPy's
     * {@code rfft}.
     *
     * @param series the first {@link #length} values are transformed, and left as they are
     * @param re takes the real parts, one for each bin
     * @param im takes the imaginary parts
     */
    public void forward(double[] series, double[] re, double[] im) {
        System.arraycopy(series, 0, packed, 0, length);
        transform.realForward(packed);
        int last = bins() - 1;
        re[0] = packed[0];
        im[0] = 0;
        for (int f = 1; f < last; f++) {
            re[f] = packed[2 * f];
            im[f] = packed[2 * f + 1];
        }
        if (last > 0) {
            boolean even = length % 2 == 0;
            re[last] = packed[even ? 1 : length - 1];
            im[last] = even ? 0 : packed[1];
        }
    }

    /**
     * The series that has this transform, divided by the length: NumPy's {@code irfft}. The
     * imaginary parts of bin 0, and of the last bin of an even length, are taken to be 0.
     *
     * @param re real parts, one for each bin; left as they are
     * @param im imaginary parts; left as they are
     * @param series takes the series
     */
    public void inverse(double[] re, double[] im, double[] series) {
        int last = bins() - 1;
        packed[0] = re[0];
        for (int f = 1; f < last; f++) {
            packed[2 * f] = re[f];
            packed[2 * f + 1] = im[f];
        }
        if (last > 0) {
            boolean even = length % 2 == 0;
            packed[1] = even ? re[last] : im[last];
            if (!even) {
                packed[length - 1] = re[last];
            }
        }
        transform.realInverse(packed, true);
        System.arraycopy(packed, 0, series, 0, length);
    }

    /**
     * Adds the amplitudes {@code |sum over t of x[t] exp(-2 pi i f t / length)|} of a series, not
     * normalised, to {@code sums[f]}.
     *
     * @param series holds the series
     * @param first where it starts
     * @param stride from each sample to the next
     * @param sums one for each bin
     */
    public void addAmplitudes(float[] series, int first, int stride, double[] sums) {
        for (int t = 0; t < length; t++) {
            packed[t] = series[first + t * stride];
        }
        transform.realForward(packed);
        // Real and imaginary parts in turn from bin 1 on; packed[1] is the real part of the last
        // bin of an even length, and the imaginary part of the last bin of an odd one.
        int last = bins() - 1;
        boolean even = length % 2 == 0;
        sums[0] += Math.abs(packed[0]);
        for (int f = 1; f < last; f++) {
            sums[f] += amplitude(packed[2 * f], packed[2 * f + 1]);
        }
        if (last > 0) {
            sums[last] += even ? Math.abs(packed[1]) : amplitude(packed[length - 1], packed[1]);
        }
    }

    private static double amplitude(double real, double imaginary) {
        return Math.sqrt(real * real + imaginary * imaginary);
    }
}
