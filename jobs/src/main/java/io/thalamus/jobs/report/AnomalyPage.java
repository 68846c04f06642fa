/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.jobs.report.LineChart.Band;
import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.ReportPage.Section;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The page of an anomaly pipeline.
 *
 * @param scores of one stream, in order
 * @param events what was found in it, once each, with its end
 * @param labels what is truly anomalous, in the order of the onsets
 */
public record AnomalyPage(
        List<AnomalyScore> scores, List<AnomalyEvent> events, List<Annotation> labels) {
    private static final double NANOS = 1e9;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    /**
     * The page.
     *
     * @param figures the run's figures, shown at the top
     */
    public ReportPage page(String title, String introduction, List<Figure> figures) {
        return new ReportPage(
                title,
                introduction,
                figures,
                List.of(
                        new Section(
                                "Scores against labels",
                                "The joint score of each sample, in squared deviations, and the"
                                        + " threshold as it was at each anomaly that was told of."
                                        + " Shaded is what was made anomalous.",
                                1,
                                List.of(scoresOverTime())),
                        new Section(
                                "Anomaly by anomaly",
                                "What was put into the series, and how many hours after its start"
                                        + " the first sample lies that was told of.",
                                1,
                                List.of(table()))));
    }

    private LineChart scoresOverTime() {
        int length = scores.stream().mapToInt(score -> score.joint().length).sum();
        double[] x = new double[length];
        double[] all = new double[length];
        double[] found = new double[length];
        int n = 0;
        for (AnomalyScore score : scores) {
            for (int i = 0; i < score.joint().length; i++) {
                long time = score.startNanos() + score.rate().nanosOf(i);
                boolean told =
                        events.stream()
                                .anyMatch(e -> time >= e.startNanos() && time < e.endNanos());
                x[n] = time / NANOS;
                all[n] = score.joint()[i];
                found[n++] = told ? score.joint()[i] : Double.NaN;
            }
        }
        return new LineChart(
                "Joint score (squared deviations)",
                Axis.TIME,
                "",
                Exhibit.WHOLE,
                320,
                true,
                labels.stream()
                        .map(
                                label ->
                                        new Band(
                                                label.onsetNanos() / NANOS,
                                                (label.onsetNanos() + label.durationNanos())
                                                        / NANOS))
                        .toList(),
                List.of(
                        new Line("score", Line.Role.MEASURED, x, all),
                        new Line("told of", Line.Role.MODEL, x, found),
                        new Line(
                                "threshold",
                                Line.Role.BASELINE,
                                events.stream().mapToDouble(e -> e.startNanos() / NANOS).toArray(),
                                events.stream().mapToDouble(AnomalyEvent::threshold).toArray())));
    }

    private Table table() {
        List<List<String>> rows = new ArrayList<>();
        for (Annotation label : labels) {
            long end = label.onsetNanos() + label.durationNanos();
            String delay =
                    events.stream()
                            .filter(e -> e.startNanos() < end && e.endNanos() > label.onsetNanos())
                            .findFirst()
                            .map(e -> Math.max(0, e.startNanos() - label.onsetNanos()))
                            .map(AnomalyPage::hours)
                            .orElse("not found");
            rows.add(
                    List.of(
                            label.text(),
                            TIME.format(Instant.EPOCH.plusNanos(label.onsetNanos())),
                            hours(label.durationNanos()),
                            delay));
        }
        return new Table(List.of("anomaly", "from (UTC)", "lasts", "found after"), rows);
    }

    private static String hours(long nanos) {
        return "%.0f h".formatted(nanos / NANOS / 3600);
    }
}
