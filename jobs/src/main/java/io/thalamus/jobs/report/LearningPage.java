/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.jobs.report.LineChart.Band;
import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.ReportPage.Section;
import java.util.ArrayList;
import java.util.List;

/**
 * The page of a stream that learns while it runs, beside itself without learning, on a recording
 * that changes.
 *
 * @param seconds when each window ended, since the start
 * @param frozen whether the network as it is was wrong about it
 * @param learning whether the one that learns was
 * @param change when the recording changed, in seconds since the start
 */
public record LearningPage(double[] seconds, boolean[] frozen, boolean[] learning, double change) {
    /** Windows that a share is of. */
    static final int RECENT = 20;

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
                                "What is told wrong",
                                "In percent of the last "
                                        + RECENT
                                        + " at each time, in seconds since the start. Shaded is"
                                        + " what came after the change.",
                                1,
                                List.of(chart())),
                        new Section(
                                "By quarter",
                                "How many were told wrong in each quarter of the recording.",
                                1,
                                List.of(table()))));
    }

    private LineChart chart() {
        return new LineChart(
                "told wrong, %",
                Axis.NUMBER,
                "s",
                Exhibit.WHOLE,
                220,
                true,
                List.of(new Band(change, Double.MAX_VALUE)),
                List.of(
                        new Line("as it is", Line.Role.BASELINE, seconds, recent(frozen)),
                        new Line("learning", Line.Role.MODEL, seconds, recent(learning))));
    }

    /** NaN while there are too few. */
    private static double[] recent(boolean[] wrong) {
        double[] shares = new double[wrong.length];
        int count = 0;
        for (int i = 0; i < wrong.length; i++) {
            count += wrong[i] ? 1 : 0;
            count -= i >= RECENT && wrong[i - RECENT] ? 1 : 0;
            shares[i] = i < RECENT - 1 ? Double.NaN : 100.0 * count / RECENT;
        }
        return shares;
    }

    private Table table() {
        List<List<String>> rows = new ArrayList<>();
        int windows = seconds.length;
        for (int quarter = 0; quarter < 4; quarter++) {
            int from = quarter * windows / 4;
            int to = (quarter + 1) * windows / 4;
            rows.add(
                    List.of(
                            "%d to %d".formatted(from + 1, to),
                            "%d".formatted(count(frozen, from, to)),
                            "%d".formatted(count(learning, from, to))));
        }
        return new Table(List.of("words", "as it is", "learning"), rows);
    }

    private static int count(boolean[] wrong, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += wrong[i] ? 1 : 0;
        }
        return count;
    }
}
