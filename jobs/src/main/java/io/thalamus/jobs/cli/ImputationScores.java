/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.evaluation.ImputationScore;
import io.thalamus.jobs.evaluation.MeanErrors;
import java.util.List;

/**
 * How well hidden values were guessed, in the model's units.
 *
 * @param seed of what was hidden
 * @param rates one score for each share of values that was hidden
 */
record ImputationScores(long seed, List<ImputationScore> rates) implements Evaluation.Scores {

    @Override
    public String text() {
        TextTable table =
                new TextTable(
                        "hidden",
                        "compared",
                        "MSE",
                        "MAE",
                        "line MSE",
                        "line MAE",
                        "last MSE",
                        "last MAE");
        for (ImputationScore score : rates) {
            MeanErrors model = score.model();
            table.add(
                    "%.1f %%, %,d".formatted(100 * score.rate(), score.hidden()),
                    "%,d".formatted(score.compared()),
                    number(model.mse()),
                    number(model.mae()),
                    number(score.linear().mse()),
                    number(score.linear().mae()),
                    number(score.last().mse()),
                    number(score.last().mae()));
        }
        return table.toString();
    }

    private static String number(double value) {
        return "%.4f".formatted(value);
    }
}
