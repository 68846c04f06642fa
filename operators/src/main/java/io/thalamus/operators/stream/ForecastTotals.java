/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Sums of the errors of forecasts. Immutable.
 *
 * @param windows forecasts that were compared
 * @param count for each step of the horizon, values that were compared
 * @param squared for each step, the sum of the squared errors in the model's units
 * @param absolute for each step, the sum of the absolute errors in the model's units
 * @param squaredData the sum of all squared errors in the data's units
 * @param absoluteData the sum of all absolute errors in the data's units
 */
public record ForecastTotals(
        long windows,
        long[] count,
        double[] squared,
        double[] absolute,
        double squaredData,
        double absoluteData)
        implements Serializable {

    static ForecastTotals none(int horizon) {
        return new ForecastTotals(
                0, new long[horizon], new double[horizon], new double[horizon], 0, 0);
    }

    /**
     * The totals of one forecast. A value whose truth is missing is left out; a forecast of which
     * nothing can be compared does not count.
     *
     * @param forecast {@code channels x horizon} values
     * @param truth as many values that came
     * @param deviation for each channel, what one unit of the model is in the data's unit
     */
    static ForecastTotals of(float[] forecast, float[] truth, double[] deviation) {
        int horizon = forecast.length / deviation.length;
        ForecastTotals sum = none(horizon);
        double data2 = 0;
        double data1 = 0;
        long compared = 0;
        for (int i = 0; i < forecast.length; i++) {
            if (!Float.isFinite(truth[i])) {
                continue;
            }
            double error = (double) forecast[i] - truth[i];
            double inData = error * deviation[i / horizon];
            int at = i % horizon;
            sum.count[at]++;
            sum.squared[at] += error * error;
            sum.absolute[at] += Math.abs(error);
            data2 += inData * inData;
            data1 += Math.abs(inData);
            compared++;
        }
        return sum.copy(compared == 0 ? 0 : 1, data2, data1);
    }

    /** Values that were compared. */
    long allCount() {
        return Arrays.stream(count).sum();
    }

    /** The sum of all squared errors in the model's units. */
    double allSquared() {
        return sum(squared);
    }

    /** The sum of all absolute errors in the model's units. */
    double allAbsolute() {
        return sum(absolute);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /** The totals of both. */
    ForecastTotals plus(ForecastTotals other) {
        ForecastTotals sum =
                copy(
                        windows + other.windows,
                        squaredData + other.squaredData,
                        absoluteData + other.absoluteData);
        for (int at = 0; at < count.length; at++) {
            sum.count[at] += other.count[at];
            sum.squared[at] += other.squared[at];
            sum.absolute[at] += other.absolute[at];
        }
        return sum;
    }

    private ForecastTotals copy(long newWindows, double newSquaredData, double newAbsoluteData) {
        return new ForecastTotals(
                newWindows,
                count.clone(),
                squared.clone(),
                absolute.clone(),
                newSquaredData,
                newAbsoluteData);
    }
}
