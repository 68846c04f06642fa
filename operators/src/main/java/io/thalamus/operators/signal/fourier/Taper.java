/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import java.io.Serializable;

/**
 * A weighting of the samples of a block, which lets them fade in and out: what the field also calls
 * a window. Values are those of {@code scipy.signal.get_window}, to rounding, and lie between 0 and
 * 1 (Harris, "On the Use of Windows for Harmonic Analysis with the Discrete Fourier Transform",
 * Proceedings of the IEEE 66, 1978).
 */
public sealed interface Taper extends Serializable permits StandardTaper, Kaiser {

    /**
     * The weight at a place between the ends.
     *
     * @param position 0 at the first sample, 1/2 in the middle, 1 at the last sample
     */
    double at(double position);

    /**
     * The weights of a block whose first and last sample are alike: for the design of filters.
     *
     * @param length at least 1; a single weight is 1
     */
    default double[] symmetric(int length) {
        double[] weights = new double[length];
        for (int n = 0; n <= (length - 1) / 2; n++) {
            weights[n] = length == 1 ? 1 : at((double) n / (length - 1));
            weights[length - 1 - n] = weights[n];
        }
        return weights;
    }

    /**
     * The weights of a block that would be symmetric with one sample more: for spectra, where
     * blocks overlap.
     *
     * @param length at least 1; a single weight is 1
     */
    default double[] periodic(int length) {
        double[] weights = new double[length];
        weights[0] = length == 1 ? 1 : at(0);
        for (int n = 1; n <= length / 2; n++) {
            weights[n] = at((double) n / length);
            weights[length - n] = weights[n];
        }
        return weights;
    }
}
