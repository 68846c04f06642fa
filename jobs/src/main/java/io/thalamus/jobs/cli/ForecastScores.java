/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.thalamus.jobs.evaluation.SeasonalScore;
import io.thalamus.operators.stream.ForecastAccuracy;
import java.util.List;

/**
 * How good forecasts were.
 *
 * @param accuracy errors over all values that could be compared
 * @param seasonal by the measures of the M4 competition; null, and not in the JSON, where no season
 *     is given
 */
record ForecastScores(
        ForecastAccuracy accuracy,
        @JsonInclude(JsonInclude.Include.NON_NULL) SeasonalScore seasonal)
        implements Evaluation.Scores {
    private static final int SHOWN_STEPS = 8;

    @Override
    public String text() {
        TextTable errors = new TextTable("", "MSE", "MAE");
        errors.add("in the model's units", number(accuracy.mse()), number(accuracy.mae()));
        errors.add("in the data's units", number(accuracy.mseData()), number(accuracy.maeData()));
        TextTable steps = new TextTable("step", "MSE");
        List<Double> byStep = accuracy.byStep();
        int shown = Math.min(SHOWN_STEPS, byStep.size());
        for (int i = 1; i <= shown; i++) {
            int step = (int) ((long) i * byStep.size() / shown);
            steps.add(Integer.toString(step), number(byStep.get(step - 1)));
        }
        String text =
                "%,d forecasts compared%n%n%s%n%s".formatted(accuracy.windows(), errors, steps);
        return seasonal == null ? text : text + System.lineSeparator() + text(seasonal);
    }

    private static String text(SeasonalScore seasonal) {
        TextTable table = new TextTable("", "SMAPE", "MASE", "OWA");
        table.add(
                "model", number(seasonal.smape()), number(seasonal.mase()), number(seasonal.owa()));
        table.add(
                "Naive2", number(seasonal.smapeNaive2()), number(seasonal.maseNaive2()), number(1));
        return "%s(over %,d series, %,d left out)%n"
                .formatted(table, seasonal.forecasts(), seasonal.leftOut());
    }

    private static String number(double value) {
        return "%.4f".formatted(value);
    }
}
