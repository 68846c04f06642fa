/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.ReportPage.Section;
import java.util.ArrayList;
import java.util.List;

/**
 * The page of an imputation pipeline.
 *
 * @param known what was recorded; NaN where it is missing
 * @param left the same without the values that were hidden from the model
 * @param filled what came out, of the same length
 * @param errors of the model and of simple guesses at the hidden values
 */
public record ImputationPage(Series known, Series left, Series filled, Table errors) {
    private static final int SHOWN = 120;
    private static final int EXAMPLES = 3;

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
                                "What was filled",
                                "Five days around the longest stretches without a value, of the"
                                        + " first channel and of the last. Where the dashed line is"
                                        + " missing too, nobody knows the truth: those samples were"
                                        + " lost in the recording.",
                                2,
                                examples()),
                        new Section(
                                "Errors at the hidden values",
                                "In deviations of each channel, beside the line between the nearest"
                                        + " values that are left, and the last one before.",
                                1,
                                List.of(errors))));
    }

    private List<LineChart> examples() {
        List<LineChart> charts = new ArrayList<>();
        for (int start : starts()) {
            charts.add(example(0, start));
            int last = known.channels().size() - 1;
            if (last > 0) {
                charts.add(example(last, start));
            }
        }
        return charts;
    }

    /** Where the stretches begin that are shown: each with a longest hole in its middle. */
    private List<Integer> starts() {
        int[] hole = new int[left.length()];
        for (int i = 0; i < hole.length; i++) {
            boolean open = Float.isNaN(left.value(0, i)) && !Float.isNaN(filled.value(0, i));
            hole[i] = open ? (i > 0 ? hole[i - 1] : 0) + 1 : 0;
        }
        List<Integer> starts = new ArrayList<>();
        while (starts.size() < EXAMPLES) {
            int longest = -1;
            for (int i = SHOWN; i < hole.length - SHOWN; i++) {
                int end = i;
                boolean apart =
                        starts.stream().allMatch(s -> Math.abs(s + SHOWN / 2 - end) > SHOWN);
                if (apart && hole[i] > 0 && (longest < 0 || hole[i] > hole[longest])) {
                    longest = i;
                }
            }
            if (longest < 0) {
                break;
            }
            starts.add(longest - hole[longest] / 2 - SHOWN / 2);
        }
        return starts;
    }

    private LineChart example(int channel, int start) {
        double[] x = new double[SHOWN];
        double[] truth = new double[SHOWN];
        double[] measured = new double[SHOWN];
        double[] made = new double[SHOWN];
        for (int i = 0; i < SHOWN; i++) {
            long sample = start + i;
            x[i] = known.seconds(sample);
            truth[i] = known.value(channel, sample);
            measured[i] = left.value(channel, sample);
            boolean besideAHole =
                    Double.isNaN(measured[i])
                            || Float.isNaN(left.value(channel, sample - 1))
                            || Float.isNaN(left.value(channel, sample + 1));
            made[i] = besideAHole ? filled.value(channel, sample) : Double.NaN;
        }
        return new LineChart(
                known.channels().get(channel),
                Axis.TIME,
                "",
                Exhibit.HALF,
                200,
                false,
                List.of(),
                List.of(
                        new Line("truth", Line.Role.BASELINE, x, truth),
                        new Line("left for the model", Line.Role.MEASURED, x, measured),
                        new Line("filled", Line.Role.MODEL, x, made)));
    }
}
