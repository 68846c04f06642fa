/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.spec.PipelineSpec;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "run", description = "Run a pipeline here, on an embedded Flink.")
final class RunCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private PipelineArguments pipeline;
    @Mixin private FlinkSettings flink;
    @Mixin private Output output;

    @Override
    public Integer call() throws Exception {
        Console console = thalamus.console();
        if (flink.parallelism < 1) {
            throw new ParameterException(
                    command.commandLine(),
                    "--parallelism is %d; give at least 1".formatted(flink.parallelism));
        }
        PipelineSpec spec = pipeline.load();
        Progress<RunMetrics> progress = new Progress<>(console, RunSummary.progress(spec));
        try (PipelineRun run = open(spec)) {
            RunSummary summary;
            try {
                summary = run.execute(progress);
            } finally {
                progress.end();
            }
            if (output.json) {
                console.json(summary);
            } else {
                console.out().print(summary.text());
            }
        }
        return 0;
    }

    private PipelineRun open(PipelineSpec spec) throws IOException {
        try {
            return new PipelineRun(spec, flink.parallelism, flink.settings);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    command.commandLine(), "--flink is not right: " + e.getMessage(), e);
        }
    }
}
