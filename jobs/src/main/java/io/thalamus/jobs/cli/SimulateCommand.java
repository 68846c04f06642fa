/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.file.RecordFiles;
import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.jobs.simulation.AnomalousRecording;
import io.thalamus.jobs.simulation.AnomalyInjector;
import io.thalamus.jobs.simulation.CallSimulator;
import io.thalamus.jobs.simulation.ChangedSimulator;
import io.thalamus.jobs.simulation.CuedSimulator;
import io.thalamus.jobs.simulation.LoadSimulator;
import io.thalamus.jobs.simulation.MachineSimulator;
import io.thalamus.jobs.simulation.SeegSimulator;
import io.thalamus.jobs.simulation.SensorSimulator;
import io.thalamus.jobs.simulation.SeriesSimulator;
import io.thalamus.jobs.simulation.SignalSimulator;
import io.thalamus.jobs.simulation.SimulatedRecording;
import io.thalamus.jobs.simulation.Simulator;
import io.thalamus.jobs.simulation.SpeechSimulator;
import io.thalamus.jobs.simulation.WordsSimulator;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SignalFrame;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
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
                        + " now and then (sensor), someone speaking (speech), a call over a"
                        + " loudspeaker (call), depth electrodes (seeg), a machine that goes from"
                        + " state to state, with labels (machine), depth electrodes of someone who"
                        + " reads words, with labels (words), or a folder of short hourly series"
                        + " (series); or put labelled anomalies into a recording that there is"
                        + " (anomalies).")
final class SimulateCommand implements Callable<Integer> {
    /** What is recorded, and the options that concern it, besides those for all. */
    private enum Kind {
        LOAD("--start", "--hours", "--missing", "--gaps"),
        SENSOR("--start", "--hours", "--missing", "--gaps"),
        SPEECH("--seconds", "--rate", "--faults"),
        CALL("--seconds", "--members"),
        SEEG("--seconds", "--rate", "--faults"),
        MACHINE("--seconds", "--rate", "--faults", "--labels"),
        WORDS("--seconds", "--rate", "--faults", "--labels", "--subject", "--trigger", "--change"),
        SERIES("--start", "--hours", "--count"),
        ANOMALIES("--from", "--labels", "--each");

        private static final Set<String> EVERY =
                Set.of("--kind", "--seed", "--overwrite", "--json", "--verbose", "--help");

        private final Set<String> options;

        Kind(String... options) {
            this.options = Set.of(options);
        }

        boolean isLabelled() {
            return options.contains("--labels");
        }

        boolean takes(OptionSpec option) {
            return EVERY.contains(option.longestName()) || options.contains(option.longestName());
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String WAV = ".wav";
    private static final int MOST_SERIES = 10_000;
    private static final int SEEG_SHAFTS = 2;
    private static final int SEEG_CONTACTS = 4;
    private static final int WORDS = 8;

    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private Output output;

    @Parameters(
            paramLabel = "FILE",
            description = "The CSV file to write; call: the WAV file; series: the folder.")
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
            description = "load, sensor, series: the first day (default: ${DEFAULT-VALUE}).")
    private LocalDate start;

    @Option(
            names = "--hours",
            description =
                    "load, sensor, series: how long it is (default: 4320 for load, 6 for sensor,"
                            + " 840 for series).")
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
            description =
                    "speech, call, seeg, machine, words: how long it is (default: 5, and 60 for"
                            + " machine and words).")
    private Double seconds;

    @Option(
            names = "--rate",
            description =
                    "speech, seeg, machine, words: samples a second (default: 44100 for speech,"
                            + " 2000 for seeg and words, 500 for machine).")
    private Integer rate;

    @Option(
            names = "--faults",
            defaultValue = "0",
            description =
                    "speech, seeg, machine, words: how many faults of each kind: missing values,"
                            + " gaps, saturation, flat lines (default: ${DEFAULT-VALUE}).")
    private int faults;

    @Option(
            names = "--members",
            description =
                    "call: write microphone and far end as streams of their own, to"
                            + " NAME.microphone.wav and NAME.far-end.wav.")
    private boolean members;

    @Option(
            names = "--count",
            defaultValue = "100",
            description = "series: how many (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--subject",
            defaultValue = "1",
            description =
                    "words: the same number makes the same subject (default: ${DEFAULT-VALUE}).")
    private long subject;

    @Option(
            names = "--trigger",
            description =
                    "words: with the channel "
                            + CuedSimulator.TRIGGER
                            + ", which rises as a word"
                            + " is shown.")
    private boolean trigger;

    @Option(
            names = "--change",
            description =
                    "words: what becomes of the recording: ${COMPLETION-CANDIDATES}; quiet and"
                            + " noise begin at 15 %% of it.")
    private ChangedSimulator.Change change;

    @Option(
            names = "--from",
            paramLabel = "CSV",
            description = "anomalies: the recording that they are put into.")
    private Path from;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description =
                    "machine, words, anomalies: where to write the states, the words, or what is"
                            + " anomalous, as JSON lines (default: beside the file, as"
                            + " NAME.labels.jsonl).")
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
        if (kind == Kind.ANOMALIES && from == null) {
            throw new ParameterException(
                    command.commandLine(),
                    "give --from, the recording that anomalies are put into");
        }
        if (labels == null && kind.isLabelled()) {
            labels = beside(".labels.jsonl");
        }
        if (kind == Kind.CALL && !file.toString().endsWith(WAV)) {
            throw new ParameterException(
                    command.commandLine(),
                    "%s: a call is written as WAV; let the name end in %s".formatted(file, WAV));
        }
        for (Path made : files()) {
            if (Files.exists(made) && !overwrite) {
                throw new ParameterException(
                        command.commandLine(),
                        made + " is there; give another name or --overwrite");
            }
        }
        List<Path> written;
        try {
            written = write();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
        Console console = thalamus.console();
        if (output.json) {
            Map<String, Object> made = new LinkedHashMap<>();
            made.put("recording", file.toString());
            made.put("kind", kind.toString());
            made.put("seed", seed);
            made.putAll(length());
            if (labels != null) {
                made.put("labels", labels.toString());
            }
            console.json(made);
        } else {
            written.forEach(path -> console.out().println("wrote " + path));
        }
        return 0;
    }

    /** Makes up what is asked for, and tells the files, or the folder of many. */
    private List<Path> write() throws IOException {
        switch (kind) {
            case MACHINE -> {
                MachineSimulator machine = new MachineSimulator(seed, rate(), seconds());
                write(new SimulatedRecording(machine, seed, faults), file);
                write(machine.labels(stream(), 0));
                return List.of(file, labels);
            }
            case WORDS -> {
                WordsSimulator reader =
                        new WordsSimulator(
                                seed,
                                subject,
                                rate(),
                                seconds(),
                                SEEG_SHAFTS,
                                SEEG_CONTACTS,
                                WORDS);
                SignalSimulator recorded =
                        change == null ? reader : new ChangedSimulator(reader, seed, change);
                SignalSimulator shown =
                        trigger
                                ? new CuedSimulator(recorded, reader.labels(stream(), 0))
                                : recorded;
                write(new SimulatedRecording(shown, seed, faults), file);
                write(reader.labels(stream(), 0));
                return List.of(file, labels);
            }
            case ANOMALIES -> {
                AnomalousRecording recording =
                        new AnomalousRecording(from, new AnomalyInjector(seed, each));
                write(recording, file);
                write(recording.labels(stream()));
                return List.of(file, labels);
            }
            case CALL -> {
                return writeCall();
            }
            case SERIES -> {
                if (count < 1 || count > MOST_SERIES) {
                    throw new IllegalArgumentException(
                            "a folder holds 1 to %,d series, not %d".formatted(MOST_SERIES, count));
                }
                for (int number = 0; number < count; number++) {
                    write(
                            new SeriesSimulator(seed, number, start.atStartOfDay(), hours()),
                            file.resolve("series-%04d.csv".formatted(number)));
                }
                return List.of(file);
            }
            default -> {
                write(simulator(), file);
                return List.of(file);
            }
        }
    }

    /** What will be there. */
    private List<Path> files() {
        if (members) {
            return CallSimulator.MEMBERS.stream()
                    .map(member -> beside("." + member + WAV))
                    .toList();
        }
        return labels == null ? List.of(file) : List.of(file, labels);
    }

    private List<Path> writeCall() throws IOException {
        CallSimulator call = new CallSimulator(seed, seconds());
        String folder = file.toAbsolutePath().getParent().toString();
        try (RecordingFolder out = RecordingFolder.open(folder, WrittenFormat.WAV16, overwrite)) {
            for (SignalFrame frame : call.frames(stream())) {
                if (members) {
                    for (int channel = 0; channel < CallSimulator.MEMBERS.size(); channel++) {
                        out.write(CallSimulator.member(frame, channel));
                    }
                } else {
                    out.write(frame);
                }
            }
            out.finish();
        }
        return files();
    }

    private void write(List<Annotation> found) throws IOException {
        Files.createDirectories(labels.toAbsolutePath().getParent());
        try (OutputStream out = Files.newOutputStream(labels)) {
            for (Annotation label : found) {
                RecordFiles.jsonLine(label, out);
            }
        }
    }

    /** The stream that the file is. */
    private String stream() {
        return beside("").getFileName().toString();
    }

    /** A path like the file's, with another extension. */
    private Path beside(String extension) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + extension);
    }

    private Map<String, Number> length() {
        return switch (kind) {
            case LOAD, SENSOR -> Map.of("hours", hours());
            case SERIES -> Map.of("hours", hours(), "count", count);
            case SPEECH, CALL, SEEG, MACHINE, WORDS -> Map.of("seconds", seconds());
            case ANOMALIES -> Map.of("each", each);
        };
    }

    private int hours() {
        if (hours != null) {
            return hours;
        }
        return switch (kind) {
            case LOAD -> 4320;
            case SERIES -> 840;
            default -> 6;
        };
    }

    private double seconds() {
        if (seconds != null) {
            return seconds;
        }
        return kind == Kind.MACHINE || kind == Kind.WORDS ? 60 : 5;
    }

    private int rate() {
        if (rate != null) {
            return rate;
        }
        return switch (kind) {
            case SPEECH -> 44_100;
            case MACHINE -> 500;
            default -> 2000;
        };
    }

    private Simulator simulator() {
        return switch (kind) {
            case LOAD -> new LoadSimulator(seed, start.atStartOfDay(), hours(), missing, gaps);
            case SENSOR -> new SensorSimulator(seed, start.atStartOfDay(), hours(), missing, gaps);
            case SPEECH ->
                    new SimulatedRecording(
                            new SpeechSimulator(seed, rate(), seconds()), seed, faults);
            case SEEG ->
                    new SimulatedRecording(
                            new SeegSimulator(seed, rate(), seconds(), SEEG_SHAFTS, SEEG_CONTACTS),
                            seed,
                            faults);
            default -> throw new IllegalStateException("no single file of the kind " + kind);
        };
    }

    static void write(Simulator simulator, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            simulator.write(writer);
        }
    }
}
