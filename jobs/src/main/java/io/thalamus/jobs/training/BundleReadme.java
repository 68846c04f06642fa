/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import java.util.Locale;

/** What a bundle says of itself to people. */
final class BundleReadme {
    private BundleReadme() {}

    static String of(TrainingSummary summary, String name) {
        StringBuilder text = new StringBuilder();
        TrainingSummary.Data data = summary.data();
        TrainingSummary.Recipe recipe = summary.recipe();
        line(text, "# %s", name);
        line(text, "");
        line(
                text,
                "A %s network for the task `%s`, trained by `thalamus train`. It has %,d"
                        + " parameters.",
                summary.architecture(),
                summary.task(),
                recipe.parameters());
        line(text, "");
        line(text, "    %s", summary.command());
        line(text, "");
        line(text, "## Data");
        line(text, "");
        line(
                text,
                "%s: %,d rows of the channels %s at %s (streams: %,d, unbroken stretches:"
                        + " %,d), divided %s into training, validation and test. Each channel"
                        + " is standardised with the mean and deviation that `config.json` holds,"
                        + " beside where they are from.",
                data.recordings(),
                data.rows(),
                String.join(", ", data.channels()),
                data.rate(),
                data.streams(),
                data.stretches(),
                data.split());
        line(text, "");
        line(text, "| part | windows | left out |");
        line(text, "| --- | --- | --- |");
        data.windows()
                .forEach(
                        (part, windows) ->
                                line(
                                        text,
                                        "| %s | %,d | %,d |",
                                        part,
                                        windows.used(),
                                        windows.leftOut()));
        line(text, "");
        line(text, "## Training");
        line(text, "");
        line(
                text,
                "Batches of %d, a first learning rate of %s (%s), at most %d epochs, ended after"
                        + " %d without a smaller validation loss, seed %d, on %s.",
                recipe.batch(),
                recipe.learningRate(),
                recipe.schedule(),
                recipe.maxEpochs(),
                recipe.patience(),
                summary.seed(),
                recipe.engine());
        line(text, "");
        boolean coded = summary.best().codes() != null;
        line(
                text,
                "| epoch | learning rate | training loss | validation loss |%s",
                coded ? " codes | perplexity |" : "");
        line(text, "| --- | --- | --- | --- |%s", coded ? " --- | --- |" : "");
        for (Epoch epoch : summary.epochs()) {
            String mark = epoch.equals(summary.best()) ? "**" : "";
            line(
                    text,
                    "| %s%d%s | %.3g | %.4f | %s%.4f%s |%s",
                    mark,
                    epoch.epoch(),
                    mark,
                    epoch.learningRate(),
                    epoch.training(),
                    mark,
                    epoch.validation(),
                    mark,
                    coded ? codes(epoch.codes()) : "");
        }
        line(text, "");
        line(text, "## Test");
        line(text, "");
        test(text, summary.test());
        return text.toString();
    }

    /** A checkpoint of an earlier version does not tell of codes. */
    private static String codes(CodeUse use) {
        if (use == null) {
            return " | |";
        }
        return String.format(Locale.ROOT, " %,d | %.1f |", use.different(), use.perplexity());
    }

    private static void test(StringBuilder text, TestResult test) {
        if (test.mse() != null) {
            line(
                    text,
                    "MSE %.4f, MAE %.4f in standardised units, over %,d windows.",
                    test.mse(),
                    test.mae(),
                    test.windows());
        }
        if (test.byMaskRate() != null) {
            line(text, "");
            line(text, "| taken out | MSE | MAE |");
            line(text, "| --- | --- | --- |");
            for (TestResult.Masked masked : test.byMaskRate()) {
                line(
                        text,
                        "| %.1f %% | %.4f | %.4f |",
                        100 * masked.rate(),
                        masked.mse(),
                        masked.mae());
            }
        }
        if (test.loss() != null) {
            line(
                    text,
                    "The mean cross entropy of the codes that are hidden is %.4f, over %,d"
                            + " windows.",
                    test.loss(),
                    test.windows());
        }
        if (test.confusion() != null) {
            line(
                    text,
                    "%.1f %% (95 %% interval %.1f to %.1f) of %,d windows are told right; the mean"
                        + " F1 of the classes is %.3f. A row for each class that windows have, a"
                        + " column for each that they are taken for:",
                    100 * test.accuracy(),
                    100 * test.accuracyInterval().low(),
                    100 * test.accuracyInterval().high(),
                    test.windows(),
                    test.macroF1());
            line(text, "");
            line(text, "| | %s |", String.join(" | ", test.confusion().classes()));
            line(text, "| --- |%s", " --- |".repeat(test.confusion().classes().size()));
            for (int row = 0; row < test.confusion().counts().length; row++) {
                StringBuilder cells = new StringBuilder();
                for (long count : test.confusion().counts()[row]) {
                    cells.append(String.format(Locale.ROOT, " %,d |", count));
                }
                line(text, "| %s |%s", test.confusion().classes().get(row), cells);
            }
        }
        if (test.trainingScores() != null) {
            line(text, "");
            line(text, "| percentile of the scores | training | test |");
            line(text, "| --- | --- | --- |");
            test.trainingScores()
                    .percentiles()
                    .forEach(
                            (percent, score) ->
                                    line(
                                            text,
                                            "| %s | %.4g | %.4g |",
                                            percent,
                                            score,
                                            test.testScores()
                                                    .percentiles()
                                                    .getOrDefault(percent, Double.NaN)));
        }
    }

    private static void line(StringBuilder text, String line, Object... values) {
        text.append(String.format(Locale.ROOT, line, values)).append('\n');
    }
}
