/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.report.Report;
import io.thalamus.jobs.report.ReportPage;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "demo",
        description =
                "Make up recordings, run the pipelines on them, and write a report with pictures.")
final class DemoCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
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
        Console console = thalamus.console();
        ForecastDemo forecast = new ForecastDemo(console, presets(), folder);
        ReportPage page = forecast.run();
        Path report = folder.resolve("report.html");
        Report.write(report, "Thalamus demo", List.of(page));
        if (output.json) {
            console.json(new Result(report.toString(), List.of(forecast.summary())));
        } else {
            console.out().print(forecast.summary().text());
            console.out().println("report        " + report.toAbsolutePath().toUri());
        }
        return 0;
    }

    /** The folder of the pipelines that are shipped: beside the launcher. */
    private static Path presets() {
        return Path.of(System.getProperty("thalamus.home", ""), "pipelines");
    }
}
