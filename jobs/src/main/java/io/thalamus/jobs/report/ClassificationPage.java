/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.jobs.report.LineChart.Band;
import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.ReportPage.Section;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.Classification;
import java.util.ArrayList;
import java.util.List;

/**
 * The page of a classification pipeline.
 *
 * @param results of one stream, in order
 * @param labels what is true, in the order of the onsets
 * @param confusion {@code [true][given]}, in the order of the results' classes
 */
public record ClassificationPage(
        List<Classification> results, List<Annotation> labels, long[][] confusion) {
    private static final double NANOS = 1e9;

    /**
     * The page.
     *
     * @param figures the run's figures, shown at the top
     */
    public ReportPage page(String title, String introduction, List<Figure> figures) {
        List<String> classes = results.get(0).classes();
        List<LineChart> charts = new ArrayList<>();
        for (int c = 0; c < classes.size(); c++) {
            charts.add(probability(c, classes.get(c)));
        }
        return new ReportPage(
                title,
                introduction,
                figures,
                List.of(
                        new Section(
                                "Probabilities against labels",
                                "For each class the probability that the model gives it, at the end"
                                        + " of each window, in seconds since the start. Shaded is"
                                        + " when the machine truly was in that state.",
                                1,
                                charts),
                        new Section(
                                "Confusion",
                                "Windows of each class, a row each, by what they were given as.",
                                1,
                                List.of(table(classes)))));
    }

    private LineChart probability(int c, String name) {
        double start = results.get(0).startNanos() / NANOS;
        return new LineChart(
                name,
                Axis.NUMBER,
                "s",
                Exhibit.WHOLE,
                110,
                true,
                labels.stream()
                        .filter(label -> label.text().equals(name))
                        .map(
                                label ->
                                        new Band(
                                                label.onsetNanos() / NANOS - start,
                                                (label.onsetNanos() + label.durationNanos()) / NANOS
                                                        - start))
                        .toList(),
                List.of(
                        new Line(
                                "probability",
                                Line.Role.MODEL,
                                results.stream()
                                        .mapToDouble(each -> each.endNanos() / NANOS - start)
                                        .toArray(),
                                results.stream()
                                        .mapToDouble(each -> each.probabilities()[c])
                                        .toArray())));
    }

    private Table table(List<String> classes) {
        List<String> columns = new ArrayList<>(List.of("is \\ given"));
        columns.addAll(classes);
        List<List<String>> rows = new ArrayList<>();
        for (int truth = 0; truth < classes.size(); truth++) {
            List<String> row = new ArrayList<>(List.of(classes.get(truth)));
            for (long count : confusion[truth]) {
                row.add("%,d".formatted(count));
            }
            rows.add(row);
        }
        return new Table(columns, rows);
    }
}
