/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.ReportPage.Section;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The page of the pipelines that prepare signals.
 *
 * @param speech what a microphone gave, and what was made of it
 * @param electrodes the same of depth electrodes
 * @param readings when a sensor was read, in seconds since the epoch, and what it gave
 * @param grid the even series that was made of them
 * @param faults what was done to a stream against what was found
 */
public record SignalsPage(
        Stage speech, Stage electrodes, double[][] readings, Series grid, List<FaultCount> faults) {

    /** Of the electrodes' signal, this many seconds are drawn. */
    private static final double SHOWN_SECONDS = 2;

    /** A signal before its preparation and after it. */
    public record Stage(Series before, Series after) {}

    /**
     * How often a fault was injected, and how often found.
     *
     * @param fault what is wrong
     * @param injected how often that was done to the stream
     * @param metric what counts it: a metric of the order step, or its annotations
     * @param counted what it counted
     */
    public record FaultCount(String fault, long injected, String metric, long counted) {}

    /**
     * The page.
     *
     * @param figures the runs' figures, shown at the top
     */
    public ReportPage page(String title, String introduction, List<Figure> figures) {
        return new ReportPage(
                title,
                introduction,
                figures,
                List.of(
                        new Section(
                                "Speech",
                                "A made-up voice beside a humming cable, at "
                                        + speech.before.rate()
                                        + ", and after its preparation at "
                                        + speech.after.rate()
                                        + ". The same frequencies are shown of both; each picture"
                                        + " spans "
                                        + Math.round(Spectrogram.DYNAMIC_RANGE)
                                        + " dB.",
                                2,
                                List.of(
                                        spectrogram("before", speech.before),
                                        spectrogram("after", speech.after))),
                        new Section(
                                "Depth electrodes",
                                "The power spectral density (Welch) of one contact before, and of"
                                    + " its difference to its neighbour after the preparation, each"
                                    + " scaled to a deviation of 1: hum and slow drifts are gone,"
                                    + " rhythms stay.",
                                1,
                                List.of(spectra())),
                        new Section(
                                "Depth electrodes, in time",
                                "The same two channels, for some seconds from the middle: in"
                                        + " microvolts before, in deviations after.",
                                2,
                                List.of(
                                        wave(electrodes.before, Line.Role.MEASURED),
                                        wave(electrodes.after, Line.Role.PREPARED))),
                        new Section(
                                "Sensors that are read now and then",
                                "Each reading at its own time, and the even grid that is made of"
                                        + " them. Times in UTC.",
                                1,
                                List.of(regularised())),
                        new Section(
                                "Faults injected and faults found",
                                "Two streams with faults that were put there on purpose, against"
                                        + " what the order step counted in its metrics, and told of"
                                        + " as annotations.",
                                1,
                                List.of(faultTable()))));
    }

    private HeatMap spectrogram(String name, Series series) {
        double highest = speech.after.rate().hertz() / 2;
        Spectrogram spectrogram = Spectrogram.ofSound(series, 0);
        return spectrogram.picture(
                series.channels().get(0) + ", " + name,
                highest,
                spectrogram.loudest(highest).orElse(0),
                Exhibit.HALF);
    }

    private LineChart spectra() {
        return chart(
                "Power spectral density (dB)",
                Axis.NUMBER,
                "Hz",
                Exhibit.WHOLE,
                280,
                spectrum(electrodes.before, "before", Line.Role.MEASURED),
                spectrum(electrodes.after, "after", Line.Role.PREPARED));
    }

    /** Of the first channel, scaled to a deviation of 1, up to half the prepared signal's rate. */
    private Line spectrum(Series series, String name, Line.Role role) {
        double hertz = series.rate().hertz();
        Spectrogram spectrogram = Spectrogram.of(series, 0, (int) hertz, (int) hertz / 2);
        double[] frequencies = spectrogram.hertz();
        double[] decibels = spectrogram.meanDecibels();
        double variance = 0;
        for (double decibel : decibels) {
            variance += Double.isNaN(decibel) ? 0 : Math.pow(10, decibel / 10) * frequencies[1];
        }
        double scale = 10 * Math.log10(variance);
        int shown =
                (int)
                        Arrays.stream(frequencies)
                                .filter(f -> f > 0 && f <= electrodes.after.rate().hertz() / 2)
                                .count();
        return new Line(
                series.channels().get(0) + ", " + name,
                role,
                Arrays.copyOfRange(frequencies, 1, 1 + shown),
                Arrays.stream(decibels, 1, 1 + shown).map(decibel -> decibel - scale).toArray());
    }

    private static LineChart wave(Series series, Line.Role role) {
        int shown = (int) Math.min(series.length(), SHOWN_SECONDS * series.rate().hertz());
        int first = (series.length() - shown) / 2;
        return chart(
                series.channels().get(0),
                Axis.NUMBER,
                "s",
                Exhibit.HALF,
                200,
                new Line(
                        "",
                        role,
                        seconds(series, first, shown),
                        IntStream.range(first, first + shown)
                                .mapToDouble(n -> series.value(0, n))
                                .toArray()));
    }

    private LineChart regularised() {
        return chart(
                grid.channels().get(0),
                Axis.TIME,
                "",
                Exhibit.WHOLE,
                240,
                new Line("readings", Line.Role.MEASURED, readings[0], readings[1]),
                new Line(
                        "grid",
                        Line.Role.PREPARED,
                        IntStream.range(0, grid.length()).mapToDouble(grid::seconds).toArray(),
                        IntStream.range(0, grid.length())
                                .mapToDouble(n -> grid.value(0, n))
                                .toArray()));
    }

    private static double[] seconds(Series series, int first, int count) {
        return IntStream.range(first, first + count)
                .mapToDouble(n -> series.seconds(n) - series.seconds(0))
                .toArray();
    }

    private Table faultTable() {
        return new Table(
                List.of("fault", "injected", "found", "counted by"),
                faults.stream()
                        .map(
                                fault ->
                                        List.of(
                                                fault.fault,
                                                "%,d".formatted(fault.injected),
                                                "%,d".formatted(fault.counted),
                                                fault.metric))
                        .toList());
    }

    private static LineChart chart(
            String title, Axis axis, String unit, int width, int height, Line... lines) {
        return new LineChart(title, axis, unit, width, height, false, List.of(), List.of(lines));
    }
}
