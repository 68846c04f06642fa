/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.spec.InvalidPipelineException;
import io.thalamus.schemas.InvalidInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.configuration.ConfigConstants;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import org.apache.flink.util.SerializedThrowable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code thalamus}: what a user types. */
@Command(
        name = "thalamus",
        description = "Neural networks on sensor, audio and sEEG streams.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            EvaluateCommand.class,
            ValidateCommand.class,
            VerifyCommand.class,
            InspectCommand.class,
            ReplayCommand.class,
            RecordCommand.class,
            DemoCommand.class,
            SimulateCommand.class,
            TrainCommand.class,
            ImportCommand.class,
            CalibrateCommand.class,
            AdaptCommand.class,
            DlqCommand.class
        })
public final class ThalamusCommand implements Runnable {
    private static final int FAILED = 1;
    private static final int WRONG_CALL = 2;

    private final Console console;

    @Spec private CommandSpec spec;

    @CommandLine.Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    private ThalamusCommand(Console console) {
        this.console = console;
    }

    public static void main(String[] arguments) {
        System.setProperty("java.awt.headless", "true");
        // Figures look the same on every machine.
        Locale.setDefault(Locale.ROOT);
        if (Arrays.asList(arguments).contains("--verbose")) {
            // Read by the logging configuration, which is loaded with the first logger.
            System.setProperty("thalamus.log", "INFO");
            System.setProperty("thalamus.trace", "full");
        }
        Console console =
                new Console(
                        Console.inUtf8(System.out),
                        System.err,
                        Boolean.getBoolean("thalamus.terminal"));
        openFileSystems();
        System.exit(execute(console, arguments));
    }

    /**
     * Makes the file systems known that Flink finds in the folder {@code FLINK_PLUGINS_DIR}, with
     * the settings in {@code FLINK_CONF_DIR}, as Flink's own processes do. The embedded Flink takes
     * them as they are.
     */
    private static void openFileSystems() {
        Configuration settings = GlobalConfiguration.loadConfiguration();
        boolean plugins = System.getenv(ConfigConstants.ENV_FLINK_PLUGINS_DIR) != null;
        FileSystem.initialize(
                settings, plugins ? PluginUtils.createPluginManagerFromRootFolder(settings) : null);
    }

    /** All commands. */
    static CommandLine commandLine(Console console) {
        return new CommandLine(new ThalamusCommand(console));
    }

    /** Runs a command line and gives its exit code. */
    static int execute(Console console, String... arguments) {
        CommandLine command = commandLine(console);
        command.setExecutionExceptionHandler(
                (error, failed, parsed) -> failed(console, error, parsed.expandedArgs()));
        command.setParameterExceptionHandler((error, given) -> wrongCall(console, error));
        command.setCaseInsensitiveEnumValuesAllowed(true);
        return command.execute(arguments);
    }

    Console console() {
        return console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "give a command");
    }

    private static int wrongCall(Console console, ParameterException error) {
        CommandSpec command = error.getCommandLine().getCommandSpec();
        console.err()
                .println(
                        "thalamus: %s; see %s --help"
                                .formatted(firstLine(error), command.qualifiedName()));
        return WRONG_CALL;
    }

    private static int failed(Console console, Exception error, Iterable<String> arguments) {
        for (String argument : arguments) {
            if (argument.equals("--verbose")) {
                error.printStackTrace(console.err());
            }
        }
        if (error instanceof InvalidPipelineException invalid) {
            invalid.getMessage().lines().forEach(line -> console.err().println(line));
            return WRONG_CALL;
        }
        console.err().println("thalamus: " + sentence(error));
        return FAILED;
    }

    /** What a user is told: the sentence about bad input, if that is what lies below the error. */
    static String sentence(Throwable error) {
        Optional<InvalidInputException> input = inputBelow(error);
        if (input.isPresent()) {
            return firstLine(input.get());
        }
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof FileSystemException file && file.getFile() != null) {
            return "%s cannot be written or read: %s".formatted(file.getFile(), reason(file));
        }
        return "%s: %s (--verbose shows where)"
                .formatted(cause.getClass().getSimpleName(), firstLine(cause));
    }

    /** Flink's own search for an error takes any plain exception for a serialised one. */
    private static Optional<InvalidInputException> inputBelow(Throwable error) {
        Throwable below = error;
        while (below != null && !(below instanceof InvalidInputException)) {
            Throwable original =
                    below instanceof SerializedThrowable serialised
                            ? serialised.deserializeError(ThalamusCommand.class.getClassLoader())
                            : below;
            below = original == below ? below.getCause() : original;
        }
        return Optional.ofNullable((InvalidInputException) below);
    }

    /** Why; most kinds have no words for it but their name. */
    private static String reason(FileSystemException error) {
        if (error instanceof NoSuchFileException) {
            return "it does not exist, or cannot be made there";
        }
        if (error instanceof AccessDeniedException) {
            return "permission is denied";
        }
        if (error instanceof FileAlreadyExistsException) {
            return "a file of this name is in the way";
        }
        if (error instanceof NotDirectoryException) {
            return "it is no folder";
        }
        if (error instanceof DirectoryNotEmptyException) {
            return "it is a folder that is not empty";
        }
        return error.getReason() == null
                ? "the file system refuses it"
                : error.getReason().lines().findFirst().orElse("");
    }

    private static String firstLine(Throwable error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    }
}
