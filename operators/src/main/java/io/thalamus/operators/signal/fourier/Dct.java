/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

/**
 * The discrete cosine transforms of type II and III of series of one length, each the inverse of
 * the other but for a factor, by one real Fourier transform of the same length (Makhoul, "A Fast
 * Cosine Transform in One and Two Dimensions", IEEE Transactions ASSP 28, 1980). Allocates nothing
 * from call to call. Used by one thread at a time.
 */
public final class Dct {
    private final int length;
    private final RealFft fft;
    private final double[] series;
    private final double[] re;
    private final double[] im;
    private final double[] cosines;
    private final double[] sines;

    /**
     * What the plain coefficients are multiplied by: one factor for the first, one for the rest.
     */
    private final double firstOut;

    private final double restOut;

    /** What coefficients are multiplied by to be those of a plain transform of type III. */
    private final double firstIn;

    private final double restIn;

    private Dct(int length, double firstOut, double restOut, double firstIn, double restIn) {
        this.length = length;
        this.firstOut = firstOut;
        this.restOut = restOut;
        this.firstIn = firstIn;
        this.restIn = restIn;
        fft = new RealFft(length);
        series = new double[length];
        re = new double[fft.bins()];
        im = new double[fft.bins()];
        cosines = new double[fft.bins()];
        sines = new double[fft.bins()];
        for (int k = 0; k < fft.bins(); k++) {
            cosines[k] = StrictMath.cos(Math.PI * k / (2.0 * length));
            sines[k] = StrictMath.sin(Math.PI * k / (2.0 * length));
        }
    }

    /**
     * SciPy's convention, not normalised: type II is {@code 2 sum over n of x[n] cos(pi k (2n + 1)
     * / (2 length))}, type III {@code x[0] + 2 sum over k > 0 of x[k] cos(pi k (2n + 1) / (2
     * length))}, and one after the other multiplies by {@code 2 length}.
     *
     * @param length at least 1
     */
    public static Dct plain(int length) {
        return new Dct(length, 1, 1, 1, 1);
    }

    /**
     * Scaled so that the transform is orthonormal: it keeps the energy, and type III is the inverse
     * of type II. SciPy's {@code norm="ortho"}.
     *
     * @param length at least 1
     */
    public static Dct orthonormal(int length) {
        double rest = 1 / Math.sqrt(2.0 * length);
        double root = Math.sqrt(length);
        return new Dct(length, 1 / (2 * root), rest, 1 / root, rest);
    }

    public int length() {
        return length;
    }

    /**
     * From a series to its coefficients.
     *
     * @param from the first {@link #length} values are transformed
     * @param to takes the coefficients; it may be the same array
     */
    public void type2(double[] from, double[] to) {
        // Samples of even number, then those of odd number backwards.
        for (int n = 0; n < length; n += 2) {
            series[n / 2] = from[n];
        }
        for (int n = 1; n < length; n += 2) {
            series[length - 1 - n / 2] = from[n];
        }
        fft.forward(series, re, im);
        to[0] = 2 * firstOut * re[0];
        for (int k = 1; k < re.length; k++) {
            to[length - k] = 2 * restOut * (re[k] * sines[k] - im[k] * cosines[k]);
            to[k] = 2 * restOut * (re[k] * cosines[k] + im[k] * sines[k]);
        }
    }

    /**
     * From coefficients to the series.
     *
     * @param from the first {@link #length} values are transformed
     * @param to takes the series; it may be the same array
     */
    public void type3(double[] from, double[] to) {
        re[0] = length * firstIn * from[0];
        im[0] = 0;
        for (int k = 1; k < re.length; k++) {
            double own = length * restIn * from[k];
            double other = length * restIn * from[length - k];
            re[k] = own * cosines[k] + other * sines[k];
            im[k] = own * sines[k] - other * cosines[k];
        }
        fft.inverse(re, im, series);
        for (int n = 0; n < length; n += 2) {
            to[n] = series[n / 2];
        }
        for (int n = 1; n < length; n += 2) {
            to[n] = series[length - 1 - n / 2];
        }
    }
}
