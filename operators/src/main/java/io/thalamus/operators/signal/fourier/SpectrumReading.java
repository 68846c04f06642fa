/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

/** What is told of the spectrum of a block: always as many values. */
interface SpectrumReading {

    /**
     * Writes the values; NaN for a spectrum that is missing.
     *
     * @param re real parts, one for each bin
     * @param im imaginary parts
     * @param to takes the values
     * @param at where the first of them goes
     */
    void read(double[] re, double[] im, double[] to, int at);
}
