/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

/** The tapers that have no figure to choose. */
public enum StandardTaper implements Taper {
    BOXCAR(1),
    HANN(0.5, 0.5),
    HAMMING(0.54, 0.46),
    BLACKMAN(0.42, 0.5, 0.08),
    /** With four terms, 92 dB down. */
    BLACKMAN_HARRIS(0.35875, 0.48829, 0.14128, 0.01168),
    /** A triangle whose ends are 0. */
    BARTLETT {
        @Override
        public double at(double position) {
            return 1 - Math.abs(2 * position - 1);
        }
    },
    /** The root of {@link #HANN}, for an analysis and a synthesis that multiply to it. */
    SQRT_HANN {
        @Override
        public double at(double position) {
            return Math.sqrt(HANN.at(position));
        }
    };

    private final double[] terms;

    /** A sum of cosines, of alternating sign. */
    StandardTaper(double... terms) {
        this.terms = terms;
    }

    @Override
    public double at(double position) {
        double sum = 0;
        for (int k = 0; k < terms.length; k++) {
            double term = terms[k] * StrictMath.cos(2 * Math.PI * k * position);
            sum += k % 2 == 0 ? term : -term;
        }
        return sum;
    }
}
