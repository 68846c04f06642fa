/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

/**
 * The ideal low-pass filter cut short by a Kaiser window (Oppenheim and Schafer, Discrete-Time
 * Signal Processing, 7.5.3): {@code cutoff sinc(cutoff x) I0(beta sqrt(1 - (x / halfWidth)^2)) /
 * I0(beta)}.
 *
 * @param cutoff where it is down by half, as a share of half the sample rate
 * @param halfWidth up to which distance from its middle it lasts, in samples
 * @param beta the window's shape: the larger, the more is suppressed, and the less steeply
 */
record KaiserSinc(double cutoff, double halfWidth, double beta) {

    /** The value at a distance from the middle, in samples; 0 beyond the half width. */
    double at(double distance) {
        double share = distance / halfWidth;
        double inside = 1 - share * share;
        if (inside < 0) {
            return 0;
        }
        double angle = StrictMath.PI * cutoff * distance;
        double sinc = angle == 0 ? 1 : StrictMath.sin(angle) / angle;
        return cutoff * sinc * besselI0(beta * Math.sqrt(inside)) / besselI0(beta);
    }

    /**
     * The modified Bessel function of the first kind and order 0, by its power series, all of whose
     * terms are positive (Abramowitz and Stegun, 9.6.12).
     */
    private static double besselI0(double x) {
        double quarter = x * x / 4;
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            term *= quarter / ((double) k * k);
            sum += term;
        }
        return sum;
    }
}
