/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import org.visnow.jlargearrays.ConcurrencyUtils;

/**
 * The discrete Fourier transform of real series of one length, in float64, on the calling thread. A
 * call allocates nothing. Used by one thread at a time.
 */
public final class RealFft {
    static {
        // JTransforms would start threads of its own from 8192 samples on.
        ConcurrencyUtils.setNumberOfThreads(1);
    }

    /** Of the factors of a length; a convolution is faster where a greater one is left. */
    private static final int LARGEST_RADIX = 13;

    private final int length;
    private final RealTransform transform;
    private final double[] samples;
    private final double[] re;
    private final double[] im;

    /**
     * Prepares transforms.
     *
     * @param length samples of a series; any number of at least 1
     */
    public RealFft(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("a series has at least one sample, not " + length);
        }
        this.length = length;
        this.transform = transform(length);
        this.samples = new double[length];
        this.re = new double[bins()];
        this.im = new double[bins()];
    }

    /** The one that takes the least time, and allocates nothing from call to call. */
    private static RealTransform transform(int length) {
        int rest = length >> Integer.numberOfTrailingZeros(length);
        for (int radix = 3; radix <= LARGEST_RADIX; radix += 2) {
            while (rest % radix == 0) {
                rest /= radix;
            }
        }
        return rest == 1 ? joined(length) : new ChirpTransform(length);
    }

    private static RealTransform joined(int length) {
        for (int radix = 3; radix <= LARGEST_RADIX; radix += 2) {
            if (length % radix == 0) {
                return new MixedRadixTransform(length, radix, joined(length / radix));
            }
        }
        return new PowerOfTwoTransform(length);
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
        transform.forward(series, re, im);
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
        transform.inverse(re, im, series);
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
            samples[t] = series[first + t * stride];
        }
        transform.forward(samples, re, im);
        for (int f = 0; f < re.length; f++) {
            sums[f] += Math.sqrt(re[f] * re[f] + im[f] * im[f]);
        }
    }
}
