/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.recording.Looping;
import io.thalamus.connectors.recording.Pacing;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.jobs.cli.Observation.Kept;
import io.thalamus.jobs.evaluation.AnomalyAccuracy;
import io.thalamus.jobs.evaluation.Confusion;
import io.thalamus.jobs.evaluation.EchoCases;
import io.thalamus.jobs.evaluation.ErrorRates;
import io.thalamus.jobs.evaluation.ForecastComparison;
import io.thalamus.jobs.evaluation.HiddenValues;
import io.thalamus.jobs.evaluation.ImputationScore;
import io.thalamus.jobs.evaluation.LabelledSegments;
import io.thalamus.jobs.evaluation.LabelledWindows;
import io.thalamus.jobs.evaluation.Labels;
import io.thalamus.jobs.evaluation.Mixtures;
import io.thalamus.jobs.evaluation.SeasonalScore;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.PipelineSpec.ModelSpec;
import io.thalamus.jobs.spec.SourceSpec.RecordingSource;
import io.thalamus.operators.signal.corruption.Corrupt;
import io.thalamus.operators.stream.ForecastAccuracy;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "evaluate",
        description =
                "Run a pipeline here, without its sinks, and compare what its model makes with what"
                        + " is known.")
final class EvaluateCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private PipelineArguments pipeline;
    @Mixin private AdaptationArguments adaptation;
    @Mixin private Output output;

    @Option(
            names = "--season",
            paramLabel = "N",
            description =
                    "forecast: samples of a season, such as 24 of hourly values, or 1 for none;"
                            + " adds SMAPE, MASE and OWA.")
    private Integer season;

    @Option(
            names = "--mask-rate",
            paramLabel = "RATE",
            split = ",",
            defaultValue = "0.125,0.25,0.375,0.5",
            description =
                    "imputation: the share of known values that is hidden, or several with commas"
                            + " between; one run for each (default: ${DEFAULT-VALUE}).")
    private List<Double> maskRates;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "imputation, adaptation: another seed hides other values, and corrupts"
                            + " otherwise (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description =
                    "classification, anomalies: annotations as JSON lines or CSV; their texts are"
                            + " classes, or anything on anomalies (default: the annotations of the"
                            + " recordings).")
    private String labels;

    @Option(
            names = "--buffer",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "anomalies: the widest buffer of VUS-PR around an anomaly, in samples (default:"
                            + " ${DEFAULT-VALUE}).")
    private int buffer;

    @Option(
            names = "--references",
            paramLabel = "FOLDER",
            description =
                    "echo, separation: recordings that take the place of the source, with what is"
                            + " to come of them beside them.")
    private Path references;

    // What has been counted over all runs.
    private long windows;
    private long skipped;
    private long deadLetters;

    @Override
    public Integer call() throws Exception {
        PipelineSpec spec = pipeline.load();
        EvaluationTask task = task(spec);
        check(task);
        long start = System.nanoTime();
        Evaluation.Scores scores =
                switch (task) {
                    case FORECAST -> forecast(spec);
                    case IMPUTATION -> imputation(spec);
                    case CLASSIFICATION ->
                            adaptation.methods().isEmpty()
                                    ? classification(spec)
                                    : adaptation(spec);
                    case ANOMALIES -> anomalies(spec);
                    case ECHO -> echo(spec);
                    case SEPARATION -> separation(spec);
                };
        Evaluation evaluation =
                new Evaluation(
                        spec.name(),
                        spec.model().map(model -> model.signature().model()).orElse(null),
                        task.toString(),
                        windows,
                        skipped,
                        deadLetters,
                        (System.nanoTime() - start) / 1e9,
                        scores);
        Console console = thalamus.console();
        if (output.json) {
            console.json(evaluation);
        } else {
            console.out().print(evaluation.text());
        }
        return 0;
    }

    private EvaluationTask task(PipelineSpec spec) throws IOException {
        if (references != null) {
            return taskOfReferences(spec);
        }
        if (spec.model().isEmpty()) {
            throw wrong(
                    "%s has no model, so that nothing is to be compared; for echo or separation,"
                            + " give --references",
                    spec.name());
        }
        if (!spec.source().ends()) {
            throw wrong(
                    "the source of %s does not end: read a recording without loop, or a topic with"
                            + " until: latest",
                    spec.name());
        }
        return EvaluationTask.of(model(spec).signature())
                .orElseThrow(
                        () ->
                                wrong(
                                        "of the results of model %s nothing is known: forecasts,"
                                                + " filled values, classifications and scores of"
                                                + " anomalies can be compared, and signals with"
                                                + " --references",
                                        model(spec).signature().model()));
    }

    private EvaluationTask taskOfReferences(PipelineSpec spec) throws IOException {
        if (spec.model().isPresent() && model(spec).signature().result() != SignalFrame.class) {
            throw wrong(
                    "--references is for pipelines that give a signal; model %s gives %s",
                    model(spec).signature().model(),
                    model(spec).signature().result().getSimpleName());
        }
        if (!Files.isDirectory(references)) {
            throw wrong("there is no folder %s; give one with --references", references);
        }
        if (EchoCases.isIn(references)) {
            return EvaluationTask.ECHO;
        }
        if (Mixtures.in(references).isEmpty()) {
            throw wrong(
                    "%s holds neither the metadata.csv of echo cases nor a mix.wav of speakers",
                    references);
        }
        return EvaluationTask.SEPARATION;
    }

    private static ModelSpec model(PipelineSpec spec) {
        return spec.model().orElseThrow();
    }

    private void check(EvaluationTask task) {
        for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
            if (task.refuses(option.longestName())) {
                throw wrong("%s is not for a pipeline of the kind %s", option.longestName(), task);
            }
        }
        if (season != null && season < 1) {
            throw wrong("--season is %d; give at least 1", season);
        }
        for (double rate : maskRates) {
            if (!(rate > 0 && rate < 1)) {
                throw wrong("--mask-rate is %s; give shares above 0 and below 1", rate);
            }
        }
        if (buffer < 1) {
            throw wrong("--buffer is %d; give at least 1", buffer);
        }
    }

    private ParameterException wrong(String sentence, Object... values) {
        return new ParameterException(command.commandLine(), sentence.formatted(values));
    }

    private Observation observe(
            PipelineSpec spec, MapFunction<SignalFrame, SignalFrame> changed, Set<Kept> kept)
            throws Exception {
        return counted(Observation.of(spec, changed, kept, thalamus.console()));
    }

    private Observation counted(Observation observation) {
        windows += observation.metrics().windows();
        skipped += observation.metrics().skipped();
        deadLetters += observation.metrics().deadLetters();
        return observation;
    }

    private Evaluation.Scores forecast(PipelineSpec spec) throws Exception {
        Set<Kept> kept = season == null ? EnumSet.noneOf(Kept.class) : EnumSet.allOf(Kept.class);
        Observation observation = observe(spec, frame -> frame, kept);
        ForecastAccuracy accuracy =
                observation
                        .accuracy()
                        .orElseThrow(
                                () ->
                                        new InvalidInputException(
                                                "no forecast can be compared: of none has the whole"
                                                        + " horizon come in the same segment"));
        SeasonalScore seasonal =
                season == null
                        ? null
                        : ForecastComparison.compare(
                                        observation.came(),
                                        observation.results(Forecast.class),
                                        season)
                                .orElseThrow(
                                        () ->
                                                new InvalidInputException(
                                                        "no forecast has a past of more than a"
                                                            + " season without missing values: give"
                                                            + " a shorter --season, or none"));
        return new ForecastScores(accuracy, seasonal);
    }

    private Evaluation.Scores imputation(PipelineSpec spec) throws Exception {
        List<ImputationScore> scores = new ArrayList<>();
        for (double rate : maskRates) {
            HiddenValues mask = new HiddenValues(seed, rate);
            Observation observation = observe(spec, mask::hide, EnumSet.allOf(Kept.class));
            ImputationScore score =
                    ImputationScore.of(
                            observation.came(),
                            mask,
                            observation.results(SignalFrame.class),
                            spec.deviation(model(spec).signature().channels()));
            if (score.compared() == 0) {
                throw new InvalidInputException(
                        "none of the %,d values that were hidden was filled: no window of %d samples reaches one"
                                .formatted(score.hidden(), model(spec).signature().windowLength()));
            }
            scores.add(score);
        }
        return new ImputationScores(seed, scores);
    }

    private Evaluation.Scores echo(PipelineSpec spec) throws Exception {
        EchoCases cases = EchoCases.in(references);
        return EchoScores.of(cases.compare(played(spec, cases::record)));
    }

    private Evaluation.Scores separation(PipelineSpec spec) throws Exception {
        Mixtures mixtures = Mixtures.in(references);
        return SeparationScores.of(mixtures.compare(played(spec, mixtures::record)));
    }

    /** Writes recordings to a folder. */
    @FunctionalInterface
    private interface Recordings {
        void record(Path folder) throws IOException;
    }

    /** What the pipeline makes of recordings in place of its source. */
    private List<SignalFrame> played(PipelineSpec spec, Recordings recordings) throws Exception {
        Path folder = Files.createTempDirectory("thalamus-evaluate-");
        try {
            recordings.record(folder);
            PipelineSpec played =
                    spec.reading(
                            new RecordingSource(
                                    folder.toString(),
                                    RecordingOptions.defaults(),
                                    Pacing.MAX,
                                    Looping.NONE));
            return observe(played, frame -> frame, EnumSet.of(Kept.RESULTS))
                    .results(SignalFrame.class);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private Evaluation.Scores anomalies(PipelineSpec spec) throws Exception {
        if (spec.detection().isEmpty()) {
            throw wrong(
                    "%s looks for no anomalies; add detection, which says what is one",
                    spec.name());
        }
        Optional<List<Annotation>> given = Labelling.read(labels, command);
        Observation observation = observe(spec, frame -> frame, EnumSet.of(Kept.RESULTS));
        List<AnomalyScore> scores = observation.results(AnomalyScore.class);
        List<SampleRate> rates = scores.stream().map(AnomalyScore::rate).distinct().toList();
        if (rates.size() != 1) {
            throw new InvalidInputException(
                    rates.isEmpty()
                            ? "nothing was scored: no window is whole"
                            : "streams of the rates %s are not evaluated together: name those of one rate"
                                    .formatted(rates));
        }
        return new AnomalyScores(
                AnomalyAccuracy.of(
                        LabelledSegments.of(
                                scores, observation.events(), known(given, observation)),
                        rates.get(0),
                        buffer));
    }

    private Labels known(Optional<List<Annotation>> given, Observation observation) {
        List<Annotation> known = given.orElseGet(observation::remarks);
        if (known.isEmpty()) {
            throw new InvalidInputException(
                    labels == null
                            ? "the recordings have no annotations: give a file of labels with"
                                    + " --labels"
                            : labels + " holds no annotations");
        }
        return new Labels(known);
    }

    /** Of each method the same streams, whose corruption depends on the seed alone. */
    private Evaluation.Scores adaptation(PipelineSpec spec) throws Exception {
        List<Corrupt> corruptions = adaptation.corruptions(seed, command);
        Optional<List<Annotation>> given = Labelling.read(labels, command);
        List<PipelineSpec> specs = new ArrayList<>();
        for (String method : adaptation.methods()) {
            specs.add(pipeline.loadWith(AdaptationArguments.keys(method)));
        }
        List<ErrorRates> rates = new ArrayList<>();
        for (PipelineSpec one : specs) {
            Observation observation =
                    counted(Observation.corrupted(one, corruptions, thalamus.console()));
            rates.add(
                    new LabelledWindows(known(given, observation))
                            .errorRates(observation.results(Classification.class)));
        }
        return AdaptationScores.of(adaptation.methods(), rates);
    }

    private Evaluation.Scores classification(PipelineSpec spec) throws Exception {
        Optional<List<Annotation>> given = Labelling.read(labels, command);
        Observation observation = observe(spec, frame -> frame, EnumSet.of(Kept.RESULTS));
        List<Classification> results = observation.results(Classification.class);
        Confusion confusion = new LabelledWindows(known(given, observation)).compare(results);
        if (confusion.total() == 0) {
            throw new InvalidInputException("no window was classified: none is whole");
        }
        return new ClassificationScores(
                confusion.total(),
                results.size() - confusion.total(),
                confusion.accuracy(),
                confusion.macroF1(),
                confusion.classes(),
                confusion.counts(),
                confusion.scores(),
                observation
                        .metrics()
                        .inferenceLatencyMicros()
                        .map(
                                statistics ->
                                        new ClassificationScores.Latency(
                                                statistics.getQuantile(0.5),
                                                statistics.getQuantile(0.99)))
                        .orElse(null));
    }
}
