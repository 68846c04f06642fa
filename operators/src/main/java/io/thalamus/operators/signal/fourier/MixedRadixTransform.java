/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

/**
 * For lengths with a small odd factor {@code r}: the transforms of every {@code r}-th sample,
 * joined by transforms of {@code r} values (Cooley and Tukey, "An Algorithm for the Machine
 * Calculation of Complex Fourier Series", Mathematics of Computation 19, 1965, decimation in time).
 * A series is real, so that each part and the whole are known by half of their bins.
 */
final class MixedRadixTransform implements RealTransform {
    private final int length;
    private final int radix;

    /** Samples of a part. */
    private final int size;

    private final RealTransform inner;
    private final double[] part;

    /** Of each part in turn, the bins up to half its length. */
    private final double[][] partRe;

    private final double[][] partIm;

    /** {@code exp(-2 pi i j f / length)} at {@code f * radix + j}. */
    private final double[] turnRe;

    private final double[] turnIm;

    /** {@code cos} and {@code sin} of {@code 2 pi n / radix}. */
    private final double[] cos;

    private final double[] sin;

    /** The values that are to be joined. */
    private final double[] re;

    private final double[] im;
    private final double[] joinedRe;
    private final double[] joinedIm;

    /**
     * Prepares transforms.
     *
     * @param radix an odd factor of the length, of at least 3
     * @param inner transforms series of {@code length / radix}
     */
    MixedRadixTransform(int length, int radix, RealTransform inner) {
        this.length = length;
        this.radix = radix;
        this.size = length / radix;
        this.inner = inner;
        part = new double[size];
        int bins = size / 2 + 1;
        partRe = new double[radix][bins];
        partIm = new double[radix][bins];
        turnRe = new double[bins * radix];
        turnIm = new double[bins * radix];
        for (int f = 0; f < bins; f++) {
            for (int j = 0; j < radix; j++) {
                double angle = -2 * Math.PI * ((long) j * f) / length;
                turnRe[f * radix + j] = StrictMath.cos(angle);
                turnIm[f * radix + j] = StrictMath.sin(angle);
            }
        }
        cos = new double[radix];
        sin = new double[radix];
        for (int n = 0; n < radix; n++) {
            cos[n] = StrictMath.cos(2 * Math.PI * n / radix);
            sin[n] = StrictMath.sin(2 * Math.PI * n / radix);
        }
        re = new double[radix];
        im = new double[radix];
        joinedRe = new double[radix];
        joinedIm = new double[radix];
    }

    @Override
    public void forward(double[] series, double[] real, double[] imaginary) {
        for (int j = 0; j < radix; j++) {
            for (int t = 0; t < size; t++) {
                part[t] = series[t * radix + j];
            }
            inner.forward(part, partRe[j], partIm[j]);
        }
        for (int f = 0; 2 * f <= size; f++) {
            for (int j = 0; j < radix; j++) {
                double a = partRe[j][f];
                double b = partIm[j][f];
                double c = turnRe[f * radix + j];
                double s = turnIm[f * radix + j];
                re[j] = a * c - b * s;
                im[j] = a * s + b * c;
            }
            join();
            for (int q = 0; q < radix; q++) {
                int bin = f + q * size;
                // The bins above half the length are the conjugates of those below.
                if (2 * bin <= length) {
                    real[bin] = joinedRe[q];
                    imaginary[bin] = joinedIm[q];
                } else {
                    real[length - bin] = joinedRe[q];
                    imaginary[length - bin] = -joinedIm[q];
                }
            }
        }
        imaginary[0] = 0;
        if (length % 2 == 0) {
            imaginary[length / 2] = 0;
        }
    }

    /** The steps of the forward transform in reverse, each undone. */
    @Override
    public void inverse(double[] real, double[] imaginary, double[] series) {
        for (int f = 0; 2 * f <= size; f++) {
            for (int q = 0; q < radix; q++) {
                int bin = f + q * size;
                boolean above = 2 * bin > length;
                int read = above ? length - bin : bin;
                boolean single = read == 0 || 2 * read == length;
                re[q] = real[read];
                // Conjugates are joined to the conjugates of what the inverse would give.
                im[q] = single ? 0 : above ? imaginary[read] : -imaginary[read];
            }
            join();
            for (int j = 0; j < radix; j++) {
                double a = joinedRe[j] / radix;
                double b = -joinedIm[j] / radix;
                double c = turnRe[f * radix + j];
                double s = turnIm[f * radix + j];
                partRe[j][f] = a * c + b * s;
                partIm[j][f] = b * c - a * s;
            }
        }
        for (int j = 0; j < radix; j++) {
            inner.inverse(partRe[j], partIm[j], part);
            for (int t = 0; t < size; t++) {
                series[t * radix + j] = part[t];
            }
        }
    }

    /** Gives {@code sum over j of z[j] exp(-2 pi i j q / radix)} for each q, and spends the z. */
    private void join() {
        int half = radix / 2;
        double sumRe = re[0];
        double sumIm = im[0];
        for (int j = 1; j <= half; j++) {
            // Pairs of values meet the same cosine, and sines of opposite sign.
            double a = re[j];
            double b = im[j];
            re[j] = a + re[radix - j];
            im[j] = b + im[radix - j];
            re[radix - j] = a - re[radix - j];
            im[radix - j] = b - im[radix - j];
            sumRe += re[j];
            sumIm += im[j];
        }
        joinedRe[0] = sumRe;
        joinedIm[0] = sumIm;
        for (int q = 1; q <= half; q++) {
            double evenRe = re[0];
            double evenIm = im[0];
            double oddRe = 0;
            double oddIm = 0;
            int turn = 0;
            for (int j = 1; j <= half; j++) {
                turn += q;
                if (turn >= radix) {
                    turn -= radix;
                }
                evenRe += cos[turn] * re[j];
                evenIm += cos[turn] * im[j];
                oddRe += sin[turn] * re[radix - j];
                oddIm += sin[turn] * im[radix - j];
            }
            joinedRe[q] = evenRe + oddIm;
            joinedIm[q] = evenIm - oddRe;
            joinedRe[radix - q] = evenRe - oddIm;
            joinedIm[radix - q] = evenIm + oddRe;
        }
    }
}
