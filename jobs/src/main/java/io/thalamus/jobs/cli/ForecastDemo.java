/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.CsvFormat;
import io.thalamus.connectors.recording.RecordingReader;
import io.thalamus.jobs.report.ForecastPage;
import io.thalamus.jobs.report.ReportPage;
import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.Series;
import io.thalamus.jobs.simulation.LoadSimulator;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.SourceSpec.CsvSource;
import io.thalamus.jobs.spec.TransformSpec;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.FileUtils;

/** The demo of the forecasting pipeline. */
final class ForecastDemo {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LoadSimulator LOAD =
            new LoadSimulator(1, LocalDate.of(2024, 1, 1).atStartOfDay(), 4320, 0.002, 3);
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));
    private static final double SMOOTHED_SECONDS = 1;

    private final Console console;
    private final Path preset;
    private final Path folder;

    private RunSummary summary;

    ForecastDemo(Console console, Path presets, Path folder) {
        this.console = console;
        this.preset = presets.resolve("forecast.yaml");
        this.folder = folder.toAbsolutePath();
    }

    /** What came of the run. */
    RunSummary summary() {
        return summary;
    }

    /** Makes up a recording, runs the pipeline on it, and shows what came of it. */
    ReportPage run() throws Exception {
        Path recording = folder.resolve("load.csv");
        Path forecasts = folder.resolve("forecasts");
        Path deadLetters = folder.resolve("dead-letters");
        FileUtils.deleteDirectory(forecasts.toFile());
        FileUtils.deleteDirectory(deadLetters.toFile());
        console.err().println("thalamus: making up a recording of half a year");
        SimulateCommand.write(LOAD, recording);

        PipelineSpec spec =
                PipelineSpec.load(
                        preset,
                        List.of(
                                "source.path=" + quoted(recording),
                                "window.hop=3",
                                "sink.path=" + quoted(forecasts),
                                "dead-letters.path=" + quoted(deadLetters)));
        ModelSignature model = spec.model().orElseThrow().signature();
        console.err().println("thalamus: forecasting it with " + model.model());
        Slicing window = spec.window().orElseThrow();
        Map<Double, Double> throughput = new LinkedHashMap<>();
        summary = execute(spec, throughput);
        ForecastPage page =
                new ForecastPage(
                        series((CsvSource) spec.source(), recording),
                        new ResultFiles(forecasts).forecasts(),
                        deviation(spec),
                        throughput);
        return page.page(
                "Forecasting",
                "A made-up load series of half a year is replayed, short holes are filled, each"
                        + " channel is standardised, and TimesNet (%s) forecasts the next %d hours from"
                                .formatted(model.model(), model.horizon())
                        + " the last %d, every %d hours. The model was trained on another series."
                                .formatted(model.windowLength(), window.hop().samplesAt(HOURLY)),
                figures());
    }

    private RunSummary execute(PipelineSpec spec, Map<Double, Double> throughput) throws Exception {
        Progress<RunMetrics> progress = new Progress<>(console, RunSummary.progress(spec));
        long start = System.nanoTime();
        Map<Double, Long> windows = new LinkedHashMap<>();
        try (PipelineRun run = new PipelineRun(spec, 1, Map.of())) {
            return run.execute(
                    metrics -> {
                        progress.accept(metrics);
                        double now = (System.nanoTime() - start) / 1e9;
                        windows.put(now, metrics.windows());
                        windows.entrySet().stream()
                                .filter(past -> past.getKey() <= now - SMOOTHED_SECONDS)
                                .reduce((earlier, later) -> later)
                                .ifPresent(
                                        past ->
                                                throughput.put(
                                                        now,
                                                        (metrics.windows() - past.getValue())
                                                                / (now - past.getKey())));
                    });
        } finally {
            progress.end();
        }
    }

    private List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure("windows", "%,d".formatted(summary.windows())));
        figures.add(
                new Figure(
                        "windows/s, start included", "%.0f".formatted(summary.windowsPerSecond())));
        if (summary.metrics() != null) {
            figures.add(new Figure("MSE, standardised", "%.3f".formatted(summary.metrics().mse())));
            figures.add(new Figure("MAE, standardised", "%.3f".formatted(summary.metrics().mae())));
        }
        figures.add(new Figure("skipped windows", "%,d".formatted(summary.skipped())));
        figures.add(new Figure("gaps", "%,d".formatted(summary.gaps())));
        figures.add(new Figure("dead letters", "%,d".formatted(summary.deadLetters())));
        return figures;
    }

    private static double[] deviation(PipelineSpec spec) {
        for (TransformSpec transform : spec.transforms()) {
            if (transform.transform() instanceof Standardise scaling) {
                return scaling.deviation();
            }
        }
        throw new IllegalStateException("the preset has no step that standardises");
    }

    private static Series series(CsvSource source, Path recording) throws IOException {
        List<SignalFrame> frames = new ArrayList<>();
        try (RecordingReader reader =
                new CsvFormat(source.options())
                        .open(
                                new org.apache.flink.core.fs.Path(recording.toUri()),
                                "load",
                                new byte[0])) {
            for (Received next = reader.next(); next != null; next = reader.next()) {
                if (next.frame() != null) {
                    frames.add(next.frame());
                }
            }
        }
        return Series.of(frames);
    }

    /** A path as YAML that cannot be taken for anything else. */
    static String quoted(Path path) throws JsonProcessingException {
        return JSON.writeValueAsString(path.toString());
    }
}
