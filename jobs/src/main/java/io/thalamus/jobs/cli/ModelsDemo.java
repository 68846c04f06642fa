/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.evaluation.AnomalyAccuracy;
import io.thalamus.jobs.evaluation.Confusion;
import io.thalamus.jobs.evaluation.ForecastComparison;
import io.thalamus.jobs.evaluation.HiddenValues;
import io.thalamus.jobs.evaluation.ImputationScore;
import io.thalamus.jobs.evaluation.LabelledSegments;
import io.thalamus.jobs.evaluation.LabelledWindows;
import io.thalamus.jobs.evaluation.Labels;
import io.thalamus.jobs.evaluation.MeanErrors;
import io.thalamus.jobs.evaluation.SeasonalScore;
import io.thalamus.jobs.report.AnomalyPage;
import io.thalamus.jobs.report.ClassificationPage;
import io.thalamus.jobs.report.ImputationPage;
import io.thalamus.jobs.report.ReportPage;
import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.Series;
import io.thalamus.jobs.report.SeriesPage;
import io.thalamus.jobs.report.Table;
import io.thalamus.jobs.simulation.AnomalousRecording;
import io.thalamus.jobs.simulation.AnomalyInjector;
import io.thalamus.jobs.simulation.LoadSimulator;
import io.thalamus.jobs.simulation.MachineSimulator;
import io.thalamus.jobs.simulation.SeriesSimulator;
import io.thalamus.jobs.simulation.SimulatedRecording;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.util.FileUtils;

/**
 * The demo of the pipelines with a model, besides the {@linkplain ForecastDemo forecasts} of long
 * horizons: each runs on a made-up recording of which all is known, and is compared with that.
 */
final class ModelsDemo {
    private static final LocalDateTime START = LocalDate.of(2024, 1, 1).atStartOfDay();
    private static final int DAY = 24;

    /** Made up otherwise than what the shipped networks have learned from. */
    private static final long SEED = 5;

    private static final int SERIES = 6;
    private static final int SERIES_HOURS = 504;
    private static final HiddenValues HIDDEN = new HiddenValues(SEED, 0.25);
    private static final int WIDEST_BUFFER = 100;

    private final Console console;
    private final Path presets;
    private final Path folder;

    ModelsDemo(Console console, Path presets, Path folder) {
        this.console = console;
        this.presets = presets;
        this.folder = folder.toAbsolutePath();
    }

    /** Makes up recordings, runs the pipelines on them, and shows what came of it, a page each. */
    List<ReportPage> run() throws Exception {
        return List.of(shortForecasts(), imputation(), anomalies(), classification());
    }

    private ReportPage shortForecasts() throws Exception {
        Path recordings = folder.resolve("series");
        FileUtils.deleteDirectory(recordings.toFile());
        for (int number = 0; number < SERIES; number++) {
            SimulateCommand.write(
                    new SeriesSimulator(SEED, number, START, SERIES_HOURS),
                    recordings.resolve("series-%d.csv".formatted(number)));
        }
        console.err().println("thalamus: forecasting short series");
        Observation observation = observe("load-series", recordings, frame -> frame);
        List<Forecast> forecasts = observation.results(Forecast.class);
        SeasonalScore score = compare(observation.came(), forecasts);

        Map<String, Series> series = new TreeMap<>();
        Map<String, Forecast> last = new LinkedHashMap<>();
        List<List<String>> errors = new ArrayList<>();
        byStream(observation.came())
                .forEach(
                        (stream, frames) -> {
                            series.put(stream, Series.of(frames));
                            errors.add(row(stream, compare(frames, of(stream, forecasts))));
                        });
        for (Forecast forecast : forecasts) {
            if (forecast.sequence() + forecast.horizon() <= SERIES_HOURS) {
                last.put(forecast.streamId(), forecast);
            }
        }
        errors.add(row("all", score));
        return new SeriesPage(
                        series,
                        last,
                        new Table(List.of("series", "forecasts", "SMAPE", "MASE", "OWA"), errors))
                .page(
                        "Short series",
                        "Made-up hourly load series, each of a scale, a day, a week and a trend of"
                            + " its own, are forecast two days ahead, once a day, by one network"
                            + " that has learned from other series of the kind.",
                        List.of(
                                figure("series", "%,d", SERIES),
                                figure("forecasts compared", "%,d", score.forecasts()),
                                figure("SMAPE", "%.2f %%", score.smape()),
                                figure("MASE", "%.3f", score.mase()),
                                figure("OWA", "%.3f", score.owa())));
    }

    private static SeasonalScore compare(List<SignalFrame> came, List<Forecast> forecasts) {
        return ForecastComparison.compare(came, forecasts, DAY).orElseThrow();
    }

    /** Frames by their streams, in the order of these names. */
    static Map<String, List<SignalFrame>> byStream(List<SignalFrame> frames) {
        return frames.stream()
                .collect(
                        Collectors.groupingBy(
                                SignalFrame::streamId, TreeMap::new, Collectors.toList()));
    }

    private static List<Forecast> of(String stream, List<Forecast> forecasts) {
        return forecasts.stream().filter(each -> each.streamId().equals(stream)).toList();
    }

    private static List<String> row(String name, SeasonalScore score) {
        return List.of(
                name,
                "%,d".formatted(score.forecasts()),
                "%.2f".formatted(score.smape()),
                "%.3f".formatted(score.mase()),
                "%.3f".formatted(score.owa()));
    }

    private ReportPage imputation() throws Exception {
        Path recording = folder.resolve("holes.csv");
        SimulateCommand.write(new LoadSimulator(SEED, START, 60 * DAY, 0.02, 6), recording);
        console.err().println("thalamus: filling what is missing in a recording");
        PipelineSpec spec = spec("imputation", recording);
        Observation observation = observe(spec, HIDDEN::hide);
        List<SignalFrame> filled = observation.results(SignalFrame.class);
        ImputationScore score =
                ImputationScore.of(
                        observation.came(),
                        HIDDEN,
                        filled,
                        spec.deviation(spec.model().orElseThrow().signature().channels()));
        Table errors =
                new Table(
                        List.of("guess", "MSE", "MAE"),
                        List.of(
                                row("TimesNet", score.model()),
                                row("the line between", score.linear()),
                                row("the last value", score.last())));
        return new ImputationPage(
                        Series.of(observation.came()),
                        Series.of(observation.came().stream().map(HIDDEN::hide).toList()),
                        Series.of(filled),
                        errors)
                .page(
                        "Imputation",
                        "A made-up load series of two months, with values missing and rows lost, is"
                                + " filled by TimesNet. A quarter of what is known is hidden from"
                                + " it as well, so that what it fills can be compared. The model"
                                + " has learned from another series, with another rhythm.",
                        List.of(
                                figure("values filled", "%,d", observation.metrics().filled()),
                                figure("still missing", "%,d", observation.metrics().unfilled()),
                                figure("hidden, compared", "%,d", score.compared()),
                                figure("MSE, standardised", "%.3f", score.model().mse()),
                                figure("MAE, standardised", "%.3f", score.model().mae())));
    }

    private static List<String> row(String name, MeanErrors errors) {
        return List.of(name, "%.4f".formatted(errors.mse()), "%.4f".formatted(errors.mae()));
    }

    private ReportPage anomalies() throws Exception {
        Path ordinary = folder.resolve("ordinary.csv");
        Path recording = folder.resolve("anomalies.csv");
        SimulateCommand.write(new LoadSimulator(SEED, START, 120 * DAY, 0, 0), ordinary);
        AnomalousRecording anomalous =
                new AnomalousRecording(ordinary, new AnomalyInjector(SEED, 2));
        SimulateCommand.write(anomalous, recording);
        List<Annotation> labels = anomalous.labels("anomalies");
        console.err().println("thalamus: looking for anomalies in a recording");
        Observation observation = observe("anomaly", recording, frame -> frame);
        List<AnomalyScore> scores = observation.results(AnomalyScore.class);
        AnomalyAccuracy accuracy =
                AnomalyAccuracy.of(
                        LabelledSegments.of(scores, observation.events(), new Labels(labels)),
                        scores.get(0).rate(),
                        WIDEST_BUFFER);
        return new AnomalyPage(
                        scores,
                        observation.events().stream().filter(each -> each.endNanos() != 0).toList(),
                        labels)
                .page(
                        "Anomalies",
                        "Into a made-up load series of four months, two anomalies of each kind are"
                            + " put behind its first month, in which the threshold (SPOT) is"
                            + " calibrated. TimesNet reconstructs the series; where it cannot, the"
                            + " score is high.",
                        List.of(
                                figure(
                                        "anomalies found",
                                        "%d of %d",
                                        accuracy.events().found(),
                                        accuracy.events().count()),
                                figure("F1, by samples", "%.3f", accuracy.points().f1()),
                                figure("F1, point-adjusted", "%.3f", accuracy.adjusted().f1()),
                                figure("mean delay", "%.1f h", accuracy.events().meanDelay()),
                                figure("VUS-PR", "%.3f", accuracy.vusPr())));
    }

    private ReportPage classification() throws Exception {
        Path recording = folder.resolve("machine.csv");
        MachineSimulator machine = new MachineSimulator(SEED, 500, 60);
        SimulateCommand.write(new SimulatedRecording(machine, SEED, 0), recording);
        console.err().println("thalamus: telling the states of a machine");
        Observation observation = observe("classification", recording, frame -> frame);
        List<Classification> results = observation.results(Classification.class);
        List<Annotation> labels = machine.labels("machine", 0);
        Confusion confusion = new LabelledWindows(new Labels(labels)).compare(results);
        return new ClassificationPage(results, labels, confusion.counts())
                .page(
                        "Machine states",
                        "A made-up machine goes from state to state; TimesNet tells which one it is"
                                + " in, four times a second, from its vibration and its current.",
                        List.of(
                                figure("windows", "%,d", results.size()),
                                figure("accuracy", "%.1f %%", 100 * confusion.accuracy()),
                                figure("macro F1", "%.3f", confusion.macroF1())));
    }

    private static Figure figure(String name, String format, Object... values) {
        return new Figure(name, format.formatted(values));
    }

    private Observation observe(
            String preset, Path recording, MapFunction<SignalFrame, SignalFrame> changed)
            throws Exception {
        return observe(spec(preset, recording), changed);
    }

    private PipelineSpec spec(String preset, Path recording) throws IOException {
        return PipelineSpec.load(
                presets.resolve(preset + ".yaml"),
                List.of("source.path=" + ForecastDemo.quoted(recording)));
    }

    private Observation observe(PipelineSpec spec, MapFunction<SignalFrame, SignalFrame> changed)
            throws Exception {
        return Observation.of(spec, changed, EnumSet.allOf(Observation.Kept.class), console);
    }
}
