/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.simulation.AnomalousRecording;
import io.thalamus.jobs.simulation.AnomalyInjector;
import io.thalamus.jobs.simulation.LoadSimulator;
import io.thalamus.jobs.simulation.SeegSimulator;
import io.thalamus.jobs.simulation.SensorSimulator;
import io.thalamus.jobs.simulation.SimulatedRecording;
import io.thalamus.jobs.simulation.Simulator;
import io.thalamus.jobs.simulation.SpeechSimulator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
        name = "simulate",
        description =
                "Make up a recording: an hourly load series (load), weather sensors that are read"
                        + " now and then (sensor), someone speaking (speech), or depth electrodes"
                        + " (seeg); or put labelled anomalies into a recording that there is"
                        + " (anomalies).")
final class SimulateCommand implements Callable<Integer> {
    /** What is recorded, and the options that concern it, besides those for all. */
    private enum Kind {
        LOAD("--start", "--hours", "--missing", "--gaps"),
        SENSOR("--start", "--hours", "--missing", "--gaps"),
        SPEECH("--seconds", "--rate", "--faults"),
        SEEG("--seconds", "--rate", "--faults"),
        ANOMALIES("--from", "--labels", "--each");

        private static final Set<String> EVERY =
                Set.of("--kind", "--seed", "--overwrite", "--json", "--verbose", "--help");

        private final Set<String> options;

        Kind(String... options) {
            this.options = Set.of(options);
        }

        boolean takes(OptionSpec option) {
            return EVERY.contains(option.longestName()) || options.contains(option.longestName());
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int SEEG_SHAFTS = 2;
    private static final int SEEG_CONTACTS = 4;

    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private Output output;

    @Parameters(paramLabel = "FILE", description = "The CSV file to write.")
    private Path file;

    @Option(
            names = "--kind",
            defaultValue = "load",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Kind kind;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "The same seed makes the same file (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--start",
            defaultValue = "2024-01-01",
            description = "load, sensor: the first day (default: ${DEFAULT-VALUE}).")
    private LocalDate start;

    @Option(
            names = "--hours",
            description = "load, sensor: how long it is (default: 4320 for load, 6 for sensor).")
    private Integer hours;

    @Option(
            names = "--missing",
            defaultValue = "0.002",
            description =
                    "load, sensor: the share of values that are missing (default:"
                            + " ${DEFAULT-VALUE}).")
    private double missing;

    @Option(
            names = "--gaps",
            defaultValue = "3",
            description =
                    "load, sensor: how many times rows are left out (default: ${DEFAULT-VALUE}).")
    private int gaps;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            description = "speech, seeg: how long it is (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--rate",
            description =
                    "speech, seeg: samples a second (default: 44100 for speech, 2000 for seeg).")
    private Integer rate;

    @Option(
            names = "--faults",
            defaultValue = "0",
            description =
                    "speech, seeg: how many faults of each kind: missing values, gaps, saturation,"
                            + " flat lines (default: ${DEFAULT-VALUE}).")
    private int faults;

    @Option(
            names = "--from",
            paramLabel = "CSV",
            description = "anomalies: the recording that they are put into.")
    private Path from;

    @Option(
            names = "--labels",
            paramLabel = "CSV",
            description = "anomalies: the file to write that tells where they are.")
    private Path labels;

    @Option(
            names = "--each",
            paramLabel = "N",
            defaultValue = "2",
            description =
                    "anomalies: how many of each kind: spikes, level shifts, drifts, flat lines,"
                            + " bursts of noise, changed periods, phase shifts, swapped channels"
                            + " (default: ${DEFAULT-VALUE}).")
    private int each;

    @Option(names = "--overwrite", description = "Replace the file if it is there.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
            if (!kind.takes(option)) {
                throw new ParameterException(
                        command.commandLine(),
                        "%s is not for recordings of the kind %s"
                                .formatted(option.longestName(), kind));
            }
        }
        if (kind == Kind.ANOMALIES && (from == null || labels == null)) {
            throw new ParameterException(
                    command.commandLine(),
                    "give --from, the recording, and --labels, where to write what is anomalous");
        }
        for (Path written : labels == null ? List.of(file) : List.of(file, labels)) {
            if (Files.exists(written) && !overwrite) {
                throw new ParameterException(
                        command.commandLine(),
                        written + " is there; give another name or --overwrite");
            }
        }
        Simulator simulator;
        try {
            simulator = simulator();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
        write(simulator, file);
        if (simulator instanceof AnomalousRecording recording) {
            String stream = file.getFileName().toString().replaceFirst("\\.csv$", "");
            write(out -> recording.writeLabels(stream, out), labels);
        }
        Console console = thalamus.console();
        if (output.json) {
            Map<String, Object> made = new LinkedHashMap<>();
            made.put("recording", file.toString());
            made.put("kind", kind.toString());
            made.put("seed", seed);
            made.putAll(length());
            console.json(made);
        } else {
            console.out().println("wrote " + file);
        }
        return 0;
    }

    private Map<String, Number> length() {
        return switch (kind) {
            case LOAD, SENSOR -> Map.of("hours", hours());
            case SPEECH, SEEG -> Map.of("seconds", seconds);
            case ANOMALIES -> Map.of("each", each);
        };
    }

    private int hours() {
        return or(hours, kind == Kind.LOAD ? 4320 : 6);
    }

    private Simulator simulator() throws IOException {
        return switch (kind) {
            case LOAD -> new LoadSimulator(seed, start.atStartOfDay(), hours(), missing, gaps);
            case SENSOR -> new SensorSimulator(seed, start.atStartOfDay(), hours(), missing, gaps);
            case SPEECH ->
                    new SimulatedRecording(
                            new SpeechSimulator(seed, or(rate, 44_100), seconds), seed, faults);
            case SEEG ->
                    new SimulatedRecording(
                            new SeegSimulator(
                                    seed, or(rate, 2000), seconds, SEEG_SHAFTS, SEEG_CONTACTS),
                            seed,
                            faults);
            case ANOMALIES -> new AnomalousRecording(from, new AnomalyInjector(seed, each));
        };
    }

    private static int or(Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }

    static void write(Simulator simulator, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            simulator.write(writer);
        }
    }
}
