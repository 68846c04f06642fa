/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import java.util.Arrays;

/**
 * The errors of the newest forecasts, oldest first. Immutable. Means are summed anew each time, so
 * that they depend on these forecasts alone and not on how many there were before.
 *
 * @param squared for each forecast, the sum of its squared errors. Not to be modified
 * @param absolute for each, the sum of its absolute errors. Not to be modified
 * @param count for each, the values that were compared. Not to be modified
 */
public record RecentErrors(double[] squared, double[] absolute, int[] count) {
    static final RecentErrors NONE = new RecentErrors(new double[0], new double[0], new int[0]);

    /**
     * With one more forecast.
     *
     * @param most how many forecasts are kept
     */
    RecentErrors with(ForecastTotals one, int most) {
        int first = Math.max(0, count.length + 1 - most);
        int last = count.length - first;
        double[] nowSquared = Arrays.copyOfRange(squared, first, first + last + 1);
        double[] nowAbsolute = Arrays.copyOfRange(absolute, first, first + last + 1);
        int[] nowCount = Arrays.copyOfRange(count, first, first + last + 1);
        nowSquared[last] = one.allSquared();
        nowAbsolute[last] = one.allAbsolute();
        nowCount[last] = Math.toIntExact(one.allCount());
        return new RecentErrors(nowSquared, nowAbsolute, nowCount);
    }

    /** How many forecasts these are. */
    int forecasts() {
        return count.length;
    }

    /** The mean squared error; NaN before the first forecast. */
    double mse() {
        return mean(squared);
    }

    /** The mean absolute error; NaN before the first forecast. */
    double mae() {
        return mean(absolute);
    }

    private double mean(double[] sums) {
        double sum = 0;
        long values = 0;
        for (int i = 0; i < count.length; i++) {
            sum += sums[i];
            values += count[i];
        }
        return sum / values;
    }
}
