/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.thalamus.jobs.evaluation.Confusion;
import java.util.List;
import java.util.Map;

/**
 * How good classifications were.
 *
 * @param compared windows with a label
 * @param unlabelled windows without
 * @param accuracy the share of labelled windows that were given their class
 * @param macroF1 the mean F1 of the classes, each counting the same
 * @param classes in the order of the confusion's rows and columns
 * @param confusion {@code [true][given]}
 * @param byClass precision, recall and F1 of each class that there was or that was given
 * @param latencyMicros how long calls of the network took
 */
record ClassificationScores(
        long compared,
        long unlabelled,
        double accuracy,
        double macroF1,
        List<String> classes,
        long[][] confusion,
        Map<String, Confusion.ClassScore> byClass,
        @JsonInclude(JsonInclude.Include.NON_NULL) Latency latencyMicros)
        implements Evaluation.Scores {

    /**
     * Of the last thousand calls of the network at most.
     *
     * @param median half of them took no longer
     * @param p99 99 of 100 took no longer
     */
    record Latency(double median, double p99) {}

    @Override
    public String text() {
        Lines lines = new Lines();
        lines.add("compared", "%,d windows, %,d have no label".formatted(compared, unlabelled));
        lines.add("accuracy", "%.4f".formatted(accuracy));
        lines.add("macro F1", "%.4f".formatted(macroF1));
        if (latencyMicros != null) {
            lines.add(
                    "latency",
                    "median %,.0f us, p99 %,.0f us a call of the network"
                            .formatted(latencyMicros.median, latencyMicros.p99));
        }
        TextTable scores = new TextTable("class", "windows", "precision", "recall", "F1");
        byClass.forEach(
                (name, score) ->
                        scores.add(
                                name,
                                "%,d".formatted(score.support()),
                                "%.4f".formatted(score.precision()),
                                "%.4f".formatted(score.recall()),
                                "%.4f".formatted(score.f1())));
        return "%s%n%s%n%s".formatted(lines, scores, confusionTable());
    }

    private String confusionTable() {
        String[] head = new String[1 + classes.size()];
        head[0] = "is \\ given";
        for (int c = 0; c < classes.size(); c++) {
            head[1 + c] = classes.get(c);
        }
        TextTable table = new TextTable(head);
        for (int truth = 0; truth < classes.size(); truth++) {
            String[] cells = new String[head.length];
            cells[0] = classes.get(truth);
            for (int given = 0; given < classes.size(); given++) {
                cells[1 + given] = "%,d".formatted(confusion[truth][given]);
            }
            table.add(cells);
        }
        return table.toString();
    }
}
