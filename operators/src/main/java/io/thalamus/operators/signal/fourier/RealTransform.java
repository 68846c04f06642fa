/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

/** A way to compute what {@link RealFft} gives, for some lengths. */
interface RealTransform {
    void forward(double[] series, double[] re, double[] im);

    void inverse(double[] re, double[] im, double[] series);
}
