/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.ReportPage.Section;
import io.thalamus.schemas.Forecast;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The page of a forecasting pipeline.
 *
 * @param series what was recorded; its first sample has the sequence number 0
 * @param forecasts what was forecast from it, in the data's units
 * @param deviation for each channel, the unit in which errors of channels are compared
 * @param throughput windows a second, by seconds since the job's start
 */
public record ForecastPage(
        Series series,
        List<Forecast> forecasts,
        double[] deviation,
        Map<Double, Double> throughput) {
    private static final long DAY = 86_400_000_000_000L;

    /** A window that is shown: what it stands for, and where it comes among all by its error. */
    private record Example(String name, double share) {}

    private static final List<Example> EXAMPLES =
            List.of(
                    new Example("one of the best", 0.1),
                    new Example("a typical one", 0.5),
                    new Example("one of the worst", 0.9));

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
                                "The series",
                                "Each channel in its own units, times in UTC. Where a line breaks,"
                                    + " samples were lost; single missing values are filled before"
                                    + " the model sees them.",
                                2,
                                recording()),
                        new Section(
                                "Forecast against truth",
                                "Three forecasts, chosen by their place among all in the order of"
                                    + " their error: at 10, 50 and 90 percent. The shaded part is"
                                    + " what the model did not see.",
                                2,
                                examples()),
                        new Section(
                                "Error over the horizon",
                                "Mean absolute error of all channels, in deviations of each"
                                        + " channel, by how many hours ahead the forecast reaches;"
                                        + " compared with repeating the last day that was seen.",
                                1,
                                List.of(errorOverHorizon())),
                        new Section(
                                "Throughput",
                                "Windows a second, averaged over the last second, by the time since"
                                        + " the run began. Flink and the engine start first.",
                                1,
                                List.of(throughputOverTime()))));
    }

    private List<LineChart> recording() {
        double[] x = IntStream.range(0, series.length()).mapToDouble(series::seconds).toArray();
        List<LineChart> charts = new ArrayList<>();
        for (int c = 0; c < series.channels().size(); c++) {
            float[] values = series.values()[c];
            double[] y = IntStream.range(0, x.length).mapToDouble(i -> values[i]).toArray();
            charts.add(
                    chart(
                            series.channels().get(c),
                            Axis.TIME,
                            "",
                            Exhibit.HALF,
                            130,
                            false,
                            new Line("measured", Line.Role.MEASURED, x, y)));
        }
        return charts;
    }

    private List<LineChart> examples() {
        Map<Double, Forecast> byError = new TreeMap<>();
        for (Forecast forecast : forecasts) {
            double error = error(forecast);
            if (!Double.isNaN(error)) {
                byError.put(error, forecast);
            }
        }
        List<Forecast> inOrder = List.copyOf(byError.values());
        List<LineChart> charts = new ArrayList<>();
        if (inOrder.isEmpty()) {
            return charts;
        }
        int last = series.channels().size() - 1;
        for (Example example : EXAMPLES) {
            Forecast forecast = inOrder.get((int) Math.round(example.share * (inOrder.size() - 1)));
            charts.add(example(series, forecast, 0, ", " + example.name));
            if (last > 0) {
                charts.add(example(series, forecast, last, ", " + example.name));
            }
        }
        return charts;
    }

    /** A forecast of a channel against what came, behind as much of what was before. */
    static LineChart example(Series series, Forecast forecast, int channel, String title) {
        int horizon = forecast.horizon();
        double[] x = new double[2 * horizon];
        double[] measured = new double[2 * horizon];
        double[] ahead = new double[horizon];
        double[] expected = new double[horizon];
        for (int i = 0; i < x.length; i++) {
            long sample = forecast.sequence() - horizon + i;
            x[i] = series.seconds(sample);
            measured[i] = series.value(channel, sample);
        }
        for (int i = 0; i < horizon; i++) {
            ahead[i] = x[horizon + i];
            expected[i] = forecast.values()[channel * horizon + i];
        }
        return new LineChart(
                series.channels().get(channel) + title,
                Axis.TIME,
                "",
                Exhibit.HALF,
                200,
                false,
                List.of(new LineChart.Band(ahead[0], ahead[horizon - 1])),
                List.of(
                        new Line("measured", Line.Role.MEASURED, x, measured),
                        new Line("forecast", Line.Role.MODEL, ahead, expected)));
    }

    /** The mean absolute error of a forecast, in deviations; NaN if its whole truth is missing. */
    private double error(Forecast forecast) {
        Mean mean = new Mean();
        for (int i = 0; i < forecast.values().length; i++) {
            int channel = i / forecast.horizon();
            double truth = series.value(channel, forecast.sequence() + i % forecast.horizon());
            mean.add(Math.abs(forecast.values()[i] - truth) / deviation[channel]);
        }
        return mean.value();
    }

    private LineChart errorOverHorizon() {
        int horizon = forecasts.isEmpty() ? 1 : forecasts.get(0).horizon();
        long day = Math.max(1, series.rate().samplesIn(DAY));
        double hours = 1 / series.rate().hertz() / 3600;
        double[] x = new double[horizon];
        double[] model = new double[horizon];
        double[] repeated = new double[horizon];
        for (int step = 0; step < horizon; step++) {
            Mean ofModel = new Mean();
            Mean ofDay = new Mean();
            for (Forecast forecast : forecasts) {
                for (int c = 0; c < series.channels().size(); c++) {
                    long sample = forecast.sequence() + step;
                    double truth = series.value(c, sample);
                    double before = series.value(c, sample - day * (step / day + 1));
                    ofModel.add(
                            Math.abs(forecast.values()[c * horizon + step] - truth) / deviation[c]);
                    ofDay.add(Math.abs(before - truth) / deviation[c]);
                }
            }
            x[step] = (step + 1) * hours;
            model[step] = ofModel.value();
            repeated[step] = ofDay.value();
        }
        return chart(
                "Mean absolute error (deviations)",
                Axis.NUMBER,
                "h",
                Exhibit.WHOLE,
                280,
                true,
                new Line("the last day repeated", Line.Role.BASELINE, x, repeated),
                new Line("forecast", Line.Role.MODEL, x, model));
    }

    private LineChart throughputOverTime() {
        Map<Double, Double> inOrder = new TreeMap<>(throughput);
        inOrder.put(0.0, 0.0);
        return chart(
                "Windows a second",
                Axis.NUMBER,
                "s",
                Exhibit.WHOLE,
                220,
                true,
                new Line(
                        "windows/s",
                        Line.Role.MODEL,
                        inOrder.keySet().stream().mapToDouble(Double::doubleValue).toArray(),
                        inOrder.values().stream().mapToDouble(Double::doubleValue).toArray()));
    }

    private static LineChart chart(
            String title,
            Axis axis,
            String unit,
            int width,
            int height,
            boolean fromZero,
            Line... lines) {
        return new LineChart(title, axis, unit, width, height, fromZero, List.of(), List.of(lines));
    }

    /** A mean of what is known. */
    private static final class Mean {
        private double sum;
        private long count;

        void add(double value) {
            if (!Double.isNaN(value)) {
                sum += value;
                count++;
            }
        }

        double value() {
            return count == 0 ? Double.NaN : sum / count;
        }
    }
}
