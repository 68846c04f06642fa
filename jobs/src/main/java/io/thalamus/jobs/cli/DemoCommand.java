/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.report.Report;
import io.thalamus.jobs.report.ReportPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description =
                "Make up recordings, run the pipelines on them, and write a report with pictures.")
final class DemoCommand implements Callable<Integer> {
    private static final String TITLE = "Thalamus demo";

    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private Output output;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "out/demo",
            description =
                    "Where all is written; what an earlier demo left there is replaced"
                            + " (default: ${DEFAULT-VALUE}).")
    private Path folder;

    private record Result(String report, List<RunSummary> runs) {}

    @Override
    public Integer call() throws Exception {
        Path report = folder.resolve("report.html");
        checkReplaceable(report);
        // Marks the folder as a demo's, should this one be broken off.
        Report.write(report, TITLE, List.of());
        Console console = thalamus.console();
        ForecastDemo forecast = new ForecastDemo(console, presets(), folder);
        SignalsDemo signals = new SignalsDemo(console, presets(), folder);
        List<ReportPage> pages = new ArrayList<>(List.of(forecast.run()));
        pages.addAll(new ModelsDemo(console, presets(), folder).run());
        pages.add(new EchoDemo(console, presets(), folder).run());
        pages.add(new SeparationDemo(console, presets(), folder).run());
        pages.add(new LearningDemo(console, presets(), folder).run());
        pages.add(signals.run());
        List<RunSummary> runs = new ArrayList<>(List.of(forecast.summary()));
        runs.addAll(signals.summaries());
        Report.write(report, TITLE, pages);
        if (output.json) {
            console.json(new Result(report.toString(), runs));
        } else {
            runs.forEach(run -> console.out().println(run.text()));
            console.out().println("report        " + report.toAbsolutePath().toUri());
        }
        return 0;
    }

    /** Only what an earlier demo left is replaced. */
    private void checkReplaceable(Path report) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(
                    command.commandLine(), folder + " is a file; name a folder");
        }
        boolean empty;
        try (Stream<Path> files = Files.list(folder)) {
            empty = files.findAny().isEmpty();
        }
        if (!empty && !Report.isTitled(report, TITLE)) {
            throw new ParameterException(
                    command.commandLine(),
                    "%s is not empty and has no report.html of an earlier demo; name another folder"
                            .formatted(folder));
        }
    }

    /** The folder of the pipelines that are shipped: beside the launcher. */
    private static Path presets() {
        return Path.of(System.getProperty("thalamus.home", ""), "pipelines");
    }
}
