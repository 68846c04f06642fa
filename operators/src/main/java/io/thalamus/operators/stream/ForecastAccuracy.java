/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How good forecasts were: means over all values that could be compared.
 *
 * @param windows forecasts that were compared
 * @param mse mean squared error in the model's units
 * @param mae mean absolute error in the model's units
 * @param mseData mean squared error in the data's units
 * @param maeData mean absolute error in the data's units
 * @param byStep mean squared error in the model's units for each step of the horizon; NaN where
 *     nothing could be compared
 */
public record ForecastAccuracy(
        long windows, double mse, double mae, double mseData, double maeData, List<Double> byStep) {

    /**
     * The accuracy over streams; the streams are summed in the order of their ids, so it does not
     * depend on which task had which.
     *
     * @param totals by stream, as {@link ForecastScoring} leaves them in its accumulator
     * @return empty if nothing was compared
     */
    public static Optional<ForecastAccuracy> of(Map<String, ForecastTotals> totals) {
        return new TreeMap<>(totals)
                .values().stream().reduce(ForecastTotals::plus).flatMap(ForecastAccuracy::of);
    }

    private static Optional<ForecastAccuracy> of(ForecastTotals totals) {
        long count = totals.allCount();
        List<Double> byStep = new ArrayList<>();
        for (int at = 0; at < totals.count().length; at++) {
            byStep.add(totals.squared()[at] / totals.count()[at]);
        }
        if (count == 0) {
            return Optional.empty();
        }
        return Optional.of(
                new ForecastAccuracy(
                        totals.windows(),
                        totals.allSquared() / count,
                        totals.allAbsolute() / count,
                        totals.squaredData() / count,
                        totals.absoluteData() / count,
                        List.copyOf(byStep)));
    }
}
