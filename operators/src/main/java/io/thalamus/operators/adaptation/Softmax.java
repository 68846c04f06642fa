/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/** Shares that add up to 1. */
public final class Softmax {
    private Softmax() {}

    /**
     * The softmax of the first values.
     *
     * @param count how many
     */
    public static float[] of(float[] values, int count) {
        double[] shares = new double[count];
        for (int i = 0; i < count; i++) {
            shares[i] = values[i];
        }
        apply(shares, 0, count);
        float[] rounded = new float[count];
        for (int i = 0; i < count; i++) {
            rounded[i] = (float) shares[i];
        }
        return rounded;
    }

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
