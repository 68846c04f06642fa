/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/** Shares that add up to 1. */
final class Softmax {
    private Softmax() {}

    /**
     * Replaces values by their softmax.
     *
     * @return the logarithm of the sum of the values' exponentials
     */
    static double apply(double[] values, int from, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, values[i]);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            values[i] = StrictMath.exp(values[i] - largest);
            sum += values[i];
        }
        for (int i = from; i < from + count; i++) {
            values[i] /= sum;
        }
        return largest + StrictMath.log(sum);
    }
}
