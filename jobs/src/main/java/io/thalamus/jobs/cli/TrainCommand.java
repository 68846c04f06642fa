/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.recording.RecordingFormat;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.training.InvalidSettingException;
import io.thalamus.jobs.training.Split;
import io.thalamus.jobs.training.Task;
import io.thalamus.jobs.training.TestResult;
import io.thalamus.jobs.training.Training;
import io.thalamus.jobs.training.TrainingData;
import io.thalamus.jobs.training.TrainingOptions;
import io.thalamus.jobs.training.TrainingSummary;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.RateSchedule;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        description =
                "Train a network on a recording, and write it as a bundle. What an option leaves"
                        + " open, the architecture decides for the task.")
final class TrainCommand implements Callable<Integer> {
    private static final int STOPPED = 1;

    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private RecordingArguments recordings;
    @Mixin private Output output;

    @Parameters(paramLabel = "ARCHITECTURE", description = "The kind of network, such as timesnet.")
    private String architecture;

    @Option(
            names = {"--task", "--stage"},
            required = true,
            paramLabel = "TASK",
            description =
                    "What it is for: long_term_forecast, short_term_forecast, imputation,"
                            + " anomaly_detection or classification of a timesnet; of a duin the"
                            + " stages vqvae, mae and cls.")
    private String task;

    @Option(
            names = "--from",
            paramLabel = "BUNDLE",
            description =
                    "mae: the vqvae whose codes it is to find. cls: a network whose front end and"
                            + " encoder it begins with.")
    private Path from;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description =
                    "A recording, or a folder or a glob of them, on any file system of Flink.")
    private String data;

    @Option(
            names = "--pipeline",
            paramLabel = "FILE",
            description =
                    "In place of --data: what this pipeline prepares of its source for its model,"
                            + " but for the step standardise, whose figures come of the training."
                            + " What it says of the model and what is behind it does not count.")
    private Path pipeline;

    @Option(
            names = "--pipeline-set",
            paramLabel = "KEY=VALUE",
            description = "Set a key of the pipeline, such as source.path. May be given again.")
    private List<String> pipelineOverrides = new ArrayList<>();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description =
                    "classification: annotations whose texts are the classes, as JSON lines or CSV"
                            + " (default: those of the recording).")
    private String labels;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "BUNDLE",
            description = "The folder of the bundle, on the local disk.")
    private Path out;

    @Option(
            names = "--overwrite",
            description = "Replace the bundle, or a training that was broken off.")
    private boolean overwrite;

    @Option(names = "--resume", description = "Go on with a training that was broken off.")
    private boolean resume;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description =
                    "A hyper-parameter of the network, such as seq_len=96. May be given again.")
    private List<String> hyperParameters = new ArrayList<>();

    @Option(
            names = "--split",
            paramLabel = "A/B/C",
            defaultValue = "0.6/0.2/0.2",
            description =
                    "What each stream's training, validation and test part is, in this order of"
                            + " time: shares, or rows such as 8640/2880/2880 (default:"
                            + " ${DEFAULT-VALUE}).")
    private String split;

    @Option(
            names = "--hop",
            paramLabel = "SAMPLES",
            defaultValue = "1",
            description = "From window to window (default: ${DEFAULT-VALUE}).")
    private int hop;

    @Option(
            names = "--fill",
            paramLabel = "SAMPLES",
            defaultValue = "0",
            description =
                    "Most missing samples in a row that the last value fills, as the step"
                            + " fill-missing does (default: ${DEFAULT-VALUE}).")
    private int fill;

    @Option(
            names = "--mask-rate",
            split = ",",
            paramLabel = "SHARE",
            defaultValue = "0.125,0.25,0.375,0.5",
            description =
                    "imputation: shares of the values that are taken out; each window has one of"
                            + " them (default: ${DEFAULT-VALUE}).")
    private List<Double> maskRates;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description =
                    "The same seed, data and options make the same network (default:"
                            + " ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--epochs", description = "Passes over the training part, at most.")
    private Integer epochs;

    @Option(names = "--batch", paramLabel = "WINDOWS", description = "Windows of a step.")
    private Integer batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "That of the first epoch.")
    private Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "SCHEDULE",
            description =
                    "How the rate goes on: halving, from the third epoch on, constant,"
                            + " or cosine, which rises over the first tenth of the epochs.")
    private RateSchedule schedule;

    @Option(
            names = "--patience",
            paramLabel = "EPOCHS",
            description = "End after so many without a smaller validation loss.")
    private Integer patience;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "The back end that it is trained on (default: ${DEFAULT-VALUE}).",
            defaultValue = GraphEngines.DEFAULT)
    private String engine;

    @Option(
            names = "--checkpoint",
            paramLabel = "MINUTES",
            defaultValue = "10",
            description =
                    "How often, besides at each epoch's end, to keep what --resume goes on from"
                            + " (default: ${DEFAULT-VALUE}).")
    private long checkpointMinutes;

    @Option(
            names = "--no-cases",
            description =
                    "Store no windows of the recording in the bundle, as its licence may want;"
                            + " verify cannot check such a bundle.")
    private boolean withoutCases;

    private record Result(String bundle, TrainingSummary metrics) {}

    @Override
    public Integer call() throws Exception {
        requireUsable();
        Console console = thalamus.console();
        TrainingProgress progress = new TrainingProgress(console);
        try (Interruption interruption = new Interruption()) {
            Training training = ofCall(this::training);
            // Before the recordings, which may take long to read.
            Optional<List<Annotation>> given = Labelling.read(labels, command);
            TrainingData read = read();
            if (given.isPresent()) {
                read = read.withAnnotations(given.get());
            }
            Optional<TrainingSummary> summary = training.run(read, progress, interruption);
            progress.end();
            if (summary.isEmpty()) {
                console.err().println("thalamus: stopped; --resume goes on from here");
                return STOPPED;
            }
            if (output.json) {
                console.json(new Result(out.toString(), summary.get()));
            } else {
                console.out().print(text(summary.get()));
            }
            return 0;
        } catch (InvalidSettingException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private TrainingData read() throws Exception {
        if (pipeline == null) {
            RecordingFormat format = recordings.format();
            return TrainingData.read(recordings.recordings(data, format), format);
        }
        PipelineSpec spec = PipelineSpec.loadPreparation(pipeline, pipelineOverrides);
        require(
                spec.source().ends(),
                "the source of %s has no end; give a recording with --pipeline-set source=..."
                        .formatted(pipeline));
        Observation observation =
                Observation.of(
                        spec,
                        frame -> frame,
                        EnumSet.of(Observation.Kept.RESULTS),
                        thalamus.console());
        return TrainingData.of(
                pipeline.getFileName().toString(),
                observation.results(SignalFrame.class),
                observation.remarks(),
                observation.metrics().deadLetters());
    }

    private void requireUsable() {
        require((data == null) != (pipeline == null), "give either --data or --pipeline");
        require(
                pipeline != null || pipelineOverrides.isEmpty(),
                "--pipeline-set is for --pipeline; give the pipeline, or leave it out");
        for (OptionSpec option : command.mixins().get("recordings").options()) {
            require(
                    pipeline == null
                            || !command.commandLine().getParseResult().hasMatchedOption(option),
                    "%s is for --data; set it in the pipeline".formatted(option.longestName()));
        }
        requirePositive("--epochs", epochs);
        requirePositive("--batch", batch);
        requirePositive("--patience", patience);
        requirePositive("--learning-rate", learningRate);
        require(hop >= 1, "--hop is %d; give at least 1 sample".formatted(hop));
        require(fill >= 0, "--fill is %d; give at least 0 samples".formatted(fill));
        require(
                checkpointMinutes >= 1,
                "--checkpoint is %d; give at least 1 minute".formatted(checkpointMinutes));
        require(
                maskRates.stream().allMatch(rate -> rate > 0 && rate < 1),
                "--mask-rate is %s; give shares between 0 and 1".formatted(maskRates));
        require(
                GraphEngines.names().contains(engine),
                "there is no engine %s; there are %s".formatted(engine, GraphEngines.names()));
        requireFor("--labels", Task.CLASSIFICATION, Task.CLS);
        requireFor("--mask-rate", Task.IMPUTATION);
    }

    private void requireFor(String option, Task... those) {
        boolean given = command.commandLine().getParseResult().hasMatchedOption(option);
        require(
                !given || List.of(those).contains(ofCall(() -> Task.named(task))),
                "%s is for the task %s, not for %s".formatted(option, those[0], task));
    }

    private void requirePositive(String option, Number value) {
        require(
                value == null || (value.doubleValue() > 0 && Double.isFinite(value.doubleValue())),
                "%s is %s; give a number above 0".formatted(option, value));
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), otherwise);
        }
    }

    /** Something that the call may have wrong. */
    private interface Attempt<T> {
        T get() throws IOException;
    }

    private <T> T ofCall(Attempt<T> attempt) {
        try {
            return attempt.get();
        } catch (InvalidInputException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Training training() throws IOException {
        return new Training(
                new TrainingOptions(
                        architecture,
                        Task.named(task),
                        from,
                        hyperParameters,
                        Split.of(split),
                        hop,
                        fill,
                        maskRates,
                        seed,
                        batch,
                        epochs,
                        patience,
                        learningRate,
                        schedule,
                        engine,
                        out,
                        overwrite,
                        resume,
                        Duration.ofMinutes(checkpointMinutes),
                        !withoutCases,
                        command()));
    }

    /** As typed at the start: a training that was broken off and gone on with is the same one. */
    private String command() {
        List<String> words = new ArrayList<>(List.of("thalamus"));
        command.root().commandLine().getParseResult().originalArgs().stream()
                .filter(word -> !word.equals("--resume"))
                .forEach(words::add);
        return String.join(" ", words);
    }

    /** For people. */
    private String text(TrainingSummary summary) {
        Lines lines = new Lines();
        lines.add("bundle", out.toString());
        lines.add(
                "epochs",
                String.format(
                        Locale.ROOT,
                        "%d, the best is %d: validation loss %.4f",
                        summary.epochs().size(),
                        summary.best().epoch(),
                        summary.best().validation()));
        test(summary.test()).forEach(line -> lines.add("test", line));
        lines.add(
                "time",
                String.format(
                        Locale.ROOT,
                        "%s, %,.0f windows/s",
                        TrainingProgress.time(summary.timing().seconds()),
                        summary.timing().windowsPerSecond()));
        return lines.toString();
    }

    private static List<String> test(TestResult test) {
        List<String> lines = new ArrayList<>();
        if (test.mse() != null) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "MSE %.4f, MAE %.4f over %,d windows (standardised)",
                            test.mse(),
                            test.mae(),
                            test.windows()));
        }
        if (test.byMaskRate() != null) {
            test.byMaskRate()
                    .forEach(
                            masked ->
                                    lines.add(
                                            String.format(
                                                    Locale.ROOT,
                                                    "MSE %.4f, MAE %.4f with %.1f %% taken out",
                                                    masked.mse(),
                                                    masked.mae(),
                                                    100 * masked.rate())));
        }
        if (test.loss() != null) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "cross entropy %.4f over %,d windows",
                            test.loss(),
                            test.windows()));
        }
        if (test.accuracy() != null) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "accuracy %.3f (95 %% interval %.3f to %.3f), mean F1 %.3f over %,d"
                                    + " windows",
                            test.accuracy(),
                            test.accuracyInterval().low(),
                            test.accuracyInterval().high(),
                            test.macroF1(),
                            test.windows()));
        }
        return lines;
    }
}
