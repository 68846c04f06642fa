/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

/**
 * Sums of equally distant values, each times a weight: what filters of finite response spend their
 * time with. Each sum is taken in the order of the weights, however many are taken at once, so that
 * it has the same bits whatever it stands beside.
 */
public final class TapSums {
    private TapSums() {}

    /**
     * Sets {@code out[at + i]} to the sum over {@code t} of {@code weights[row + t] in[from + i + t
     * step]}, for each of {@code count} neighbours {@code i}, be they channels or samples. Four at
     * a time, whose sums do not wait for each other.
     */
    public static void ofNeighbours(
            double[] weights,
            int row,
            int taps,
            double[] in,
            int from,
            int step,
            double[] out,
            int at,
            int count) {
        int i = 0;
        for (; i + 3 < count; i += 4) {
            double first = 0;
            double second = 0;
            double third = 0;
            double fourth = 0;
            int place = from + i;
            for (int tap = row; tap < row + taps; tap++) {
                double weight = weights[tap];
                first += weight * in[place];
                second += weight * in[place + 1];
                third += weight * in[place + 2];
                fourth += weight * in[place + 3];
                place += step;
            }
            out[at + i] = first;
            out[at + i + 1] = second;
            out[at + i + 2] = third;
            out[at + i + 3] = fourth;
        }
        for (; i < count; i++) {
            double sum = 0;
            int place = from + i;
            for (int tap = row; tap < row + taps; tap++) {
                sum += weights[tap] * in[place];
                place += step;
            }
            out[at + i] = sum;
        }
    }
}
