/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.evaluation.AnomalyAccuracy;
import io.thalamus.jobs.evaluation.AnomalyAccuracy.Events;
import io.thalamus.jobs.evaluation.AnomalyAccuracy.Points;

/**
 * How well anomalies were found.
 *
 * @param accuracy by every measure: none of them says enough alone
 */
record AnomalyScores(AnomalyAccuracy accuracy) implements Evaluation.Scores {

    @Override
    public String text() {
        TextTable points = new TextTable("", "precision", "recall", "F1");
        add(points, "sample by sample", accuracy.points());
        add(points, "point-adjusted", accuracy.adjusted());
        Events events = accuracy.events();
        Lines lines = new Lines();
        lines.add(
                "anomalies",
                "%,d, of which %,d were found".formatted(events.count(), events.found()));
        if (events.found() > 0) {
            lines.add(
                    "delay",
                    "mean %.1f samples (%.3g s), median %.1f"
                            .formatted(
                                    events.meanDelay(),
                                    events.meanDelaySeconds(),
                                    events.medianDelay()));
        }
        lines.add("AUC-PR", "%.4f".formatted(accuracy.aucPr()));
        lines.add("VUS-PR", "%.4f".formatted(accuracy.vusPr()));
        return "%s%n%s".formatted(points, lines);
    }

    private static void add(TextTable table, String name, Points points) {
        table.add(
                name,
                "%.4f".formatted(points.precision()),
                "%.4f".formatted(points.recall()),
                "%.4f".formatted(points.f1()));
    }
}
