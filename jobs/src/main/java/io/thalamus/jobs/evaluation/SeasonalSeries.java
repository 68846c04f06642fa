/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import java.util.Arrays;

/**
 * The known past of a series, as the M4 competition looks at it: whether it is seasonal, what is
 * left without its season, and how far a seasonal guess is off within it. Follows the competition's
 * published evaluation (Makridakis, Spiliotis, Assimakopoulos, <i>The M4 Competition: 100,000 time
 * series and 61 forecasting methods</i>, International Journal of Forecasting 36, 2020), which is
 * written in R, down to the number of lags that R's {@code acf} gives.
 *
 * @param values in the order of time; none is missing. Not to be modified
 * @param season samples of a season; 1 if there is none
 */
record SeasonalSeries(double[] values, int season) {
    /** The 90 % level of a normal deviate, two-sided. */
    private static final double CRITICAL = 1.645;

    SeasonalSeries {
        if (season < 1) {
            throw new IllegalArgumentException("a season has at least one sample, not " + season);
        }
    }

    /**
     * The mean absolute difference from one season to the next: the scale of MASE. NaN if the
     * series is no longer than a season.
     */
    double scale() {
        double sum = 0;
        for (int n = season; n < values.length; n++) {
            sum += Math.abs(values[n] - values[n - season]);
        }
        return sum / (values.length - season);
    }

    /**
     * The forecast that others are measured by: the last value without its season, with the season
     * put on again. The season of a series that passes through zero may be undefined; it is then
     * left alone.
     *
     * @param horizon how many values to forecast
     */
    double[] naive2(int horizon) {
        double last = values[values.length - 1];
        double[] forecast = new double[horizon];
        Arrays.fill(forecast, last);
        if (isSeasonal()) {
            double[] indices = indices();
            double level = last / indices[(values.length - 1) % season];
            double[] seasonal = new double[horizon];
            Arrays.setAll(seasonal, h -> level * indices[(values.length + h) % season]);
            if (Arrays.stream(seasonal).allMatch(Double::isFinite)) {
                return seasonal;
            }
        }
        return forecast;
    }

    /**
     * Whether the autocorrelation at a season's lag is significant at 90 %. A series of fewer than
     * three seasons is not seasonal, nor is one so short that R's {@code acf} does not reach that
     * lag: it goes to {@code 10 log10(n)}.
     */
    boolean isSeasonal() {
        if (season == 1
                || values.length < 3 * season
                || season > Math.floor(10 * Math.log10(values.length))) {
            return false;
        }
        double[] deviations = deviations();
        double power = correlation(deviations, 0);
        double squares = 1;
        for (int lag = 1; lag < season; lag++) {
            double correlation = correlation(deviations, lag) / power;
            squares += 2 * correlation * correlation;
        }
        double limit = CRITICAL / Math.sqrt(values.length) * Math.sqrt(squares);
        // A constant series has no correlation: NaN is not above the limit.
        return Math.abs(correlation(deviations, season) / power) > limit;
    }

    private double[] deviations() {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(value -> value - mean).toArray();
    }

    private static double correlation(double[] deviations, int lag) {
        double sum = 0;
        for (int n = lag; n < deviations.length; n++) {
            sum += deviations[n] * deviations[n - lag];
        }
        return sum;
    }

    /**
     * How far each phase of the season lies above the trend, as a factor of mean 1: classical
     * multiplicative decomposition, whose trend is a centred moving average over one season (the
     * two ends count half where a season has an even number of samples).
     */
    double[] indices() {
        double[] sums = new double[season];
        int[] counts = new int[season];
        int half = season / 2;
        for (int n = half; n < values.length - half; n++) {
            sums[n % season] += values[n] / trend(n, half);
            counts[n % season]++;
        }
        double mean = 0;
        for (int phase = 0; phase < season; phase++) {
            sums[phase] /= counts[phase];
            mean += sums[phase] / season;
        }
        for (int phase = 0; phase < season; phase++) {
            sums[phase] /= mean;
        }
        return sums;
    }

    private double trend(int at, int half) {
        double sum = 0;
        for (int n = at - half; n <= at + half; n++) {
            boolean end = season % 2 == 0 && (n == at - half || n == at + half);
            sum += end ? values[n] / 2 : values[n];
        }
        return sum / season;
    }
}
