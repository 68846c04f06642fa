/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import java.util.Optional;

/**
 * How good forecasts were by the measures of the M4 competition, each the mean over all series and
 * steps. Beside the forecasts stand those of Naive2: the last value, with the season taken off and
 * put on again.
 *
 * @param forecasts series that were compared: one for each channel of each forecast
 * @param leftOut series that were not: too little of their past is known, or it never changes from
 *     season to season
 * @param smape {@code 200 |y - f| / (|y| + |f|)}, from 0 to 200; 0 where both are 0
 * @param mase {@code |y - f|}, by the mean absolute difference from season to season in the past
 * @param owa the mean of SMAPE and MASE, each by that of Naive2; below 1 is better than Naive2. Not
 *     finite where Naive2 is never off
 * @param smapeNaive2 of Naive2
 * @param maseNaive2 of Naive2
 */
public record SeasonalScore(
        long forecasts,
        long leftOut,
        double smape,
        double mase,
        double owa,
        double smapeNaive2,
        double maseNaive2) {

    /** Gathers the errors of one series after the other. */
    public static final class Sum {
        private final int season;
        private long forecasts;
        private long leftOut;
        private double smape;
        private double mase;
        private double smapeNaive2;
        private double maseNaive2;

        /**
         * @param season samples of a season; 1 if there is none
         */
        public Sum(int season) {
            this.season = season;
        }

        /**
         * Adds a series.
         *
         * @param past what was known when it was forecast, none of it missing
         * @param came the values that came
         * @param forecast as many that were expected
         */
        public void add(double[] past, double[] came, double[] forecast) {
            SeasonalSeries series = new SeasonalSeries(past, season);
            double scale = series.scale();
            if (!(scale > 0)) {
                leftOut++;
                return;
            }
            double[] naive2 = series.naive2(came.length);
            forecasts++;
            smape += smape(came, forecast);
            mase += absolute(came, forecast) / scale;
            smapeNaive2 += smape(came, naive2);
            maseNaive2 += absolute(came, naive2) / scale;
        }

        /** Counts a series that cannot be compared. */
        public void leaveOut() {
            leftOut++;
        }

        /** What came of it; empty if nothing was compared. */
        public Optional<SeasonalScore> score() {
            if (forecasts == 0) {
                return Optional.empty();
            }
            return Optional.of(
                    new SeasonalScore(
                            forecasts,
                            leftOut,
                            smape / forecasts,
                            mase / forecasts,
                            (smape / smapeNaive2 + mase / maseNaive2) / 2,
                            smapeNaive2 / forecasts,
                            maseNaive2 / forecasts));
        }
    }

    private static double smape(double[] came, double[] forecast) {
        double sum = 0;
        for (int n = 0; n < came.length; n++) {
            double error = Math.abs(came[n] - forecast[n]);
            if (error != 0) {
                sum += 200 * error / (Math.abs(came[n]) + Math.abs(forecast[n]));
            }
        }
        return sum / came.length;
    }

    private static double absolute(double[] came, double[] forecast) {
        double sum = 0;
        for (int n = 0; n < came.length; n++) {
            sum += Math.abs(came[n] - forecast[n]);
        }
        return sum / came.length;
    }
}
