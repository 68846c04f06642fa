/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.simulation.LoadSimulator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "simulate",
        description = "Make up a recording: an hourly load series with noise, drift and gaps.")
final class SimulateCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private Output output;

    @Parameters(paramLabel = "FILE", description = "The CSV file to write.")
    private Path file;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "The same seed makes the same file (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--start",
            defaultValue = "2024-01-01",
            description = "The first day (default: ${DEFAULT-VALUE}).")
    private LocalDate start;

    @Option(
            names = "--hours",
            defaultValue = "4320",
            description = "Rows, one an hour (default: ${DEFAULT-VALUE}).")
    private int hours;

    @Option(
            names = "--missing",
            defaultValue = "0.002",
            description = "The share of values that are missing (default: ${DEFAULT-VALUE}).")
    private double missing;

    @Option(
            names = "--gaps",
            defaultValue = "3",
            description = "How many times rows are left out (default: ${DEFAULT-VALUE}).")
    private int gaps;

    @Option(names = "--overwrite", description = "Replace the file if it is there.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        if (Files.exists(file) && !overwrite) {
            throw new ParameterException(
                    command.commandLine(), file + " is there; give another name or --overwrite");
        }
        LoadSimulator simulator;
        try {
            simulator = new LoadSimulator(seed, start.atStartOfDay(), hours, missing, gaps);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
        write(simulator, file);
        Console console = thalamus.console();
        if (output.json) {
            console.json(Map.of("recording", file.toString(), "hours", hours, "seed", seed));
        } else {
            console.out().println("wrote " + file);
        }
        return 0;
    }

    static void write(LoadSimulator simulator, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            simulator.write(writer);
        }
    }
}
