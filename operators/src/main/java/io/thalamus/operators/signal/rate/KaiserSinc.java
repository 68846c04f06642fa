/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import io.thalamus.operators.signal.fourier.Kaiser;

/**
 * The ideal low-pass filter cut short by a Kaiser taper (Oppenheim and Schafer, Discrete-Time
 * Signal Processing, 7.5.3): {@code cutoff sinc(cutoff x)} times the taper.
 *
 * @param cutoff where it is down by half, as a share of half the sample rate
 * @param halfWidth up to which distance from its middle it lasts, in samples
 * @param taper the larger its beta, the more is suppressed, and the less steeply
 */
record KaiserSinc(double cutoff, double halfWidth, Kaiser taper) {

    /** The value at a distance from the middle, in samples; 0 beyond the half width. */
    double at(double distance) {
        double share = distance / halfWidth;
        if (Math.abs(share) > 1) {
            return 0;
        }
        double angle = StrictMath.PI * cutoff * distance;
        double sinc = angle == 0 ? 1 : StrictMath.sin(angle) / angle;
        return cutoff * sinc * taper.at((share + 1) / 2);
    }
}
