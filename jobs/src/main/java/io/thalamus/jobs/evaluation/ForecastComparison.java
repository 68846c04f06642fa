/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares forecasts with what came as the M4 competition does: each channel of each forecast is a
 * series, whose past is what came before it in its segment, back to the last missing value.
 *
 * <p>The work grows with the number of forecasts and with the length of their past.
 */
public final class ForecastComparison {
    private ForecastComparison() {}

    /**
     * The measures over all forecasts whose whole horizon came.
     *
     * @param came the recording, in the forecasts' units
     * @param season samples of a season
     * @return empty if no forecast can be compared
     */
    public static Optional<SeasonalScore> compare(
            List<SignalFrame> came, List<Forecast> forecasts, int season) {
        Map<Segment.Key, Segment> segments = Segment.of(came);
        SeasonalScore.Sum sum = new SeasonalScore.Sum(season);
        for (Forecast forecast : forecasts) {
            Segment segment =
                    segments.get(new Segment.Key(forecast.streamId(), forecast.segment()));
            int horizon = forecast.horizon();
            int start = (int) (forecast.sequence() - segment.first());
            if (start + horizon > segment.length()) {
                continue; // not all of it has come
            }
            for (int channel = 0; channel < forecast.channels().size(); channel++) {
                float[] values = segment.values()[channel];
                int known = start;
                while (known > 0 && Float.isFinite(values[known - 1])) {
                    known--;
                }
                double[] past = doubles(values, known, start);
                double[] truth = doubles(values, start, start + horizon);
                if (isFinite(truth)) {
                    sum.add(
                            past,
                            truth,
                            doubles(forecast.values(), channel * horizon, (channel + 1) * horizon));
                } else {
                    sum.leaveOut();
                }
            }
        }
        return sum.score();
    }

    private static double[] doubles(float[] values, int from, int to) {
        double[] doubles = new double[to - from];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = values[from + i];
        }
        return doubles;
    }

    private static boolean isFinite(double[] values) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
