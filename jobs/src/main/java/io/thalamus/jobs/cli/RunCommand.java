/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.spec.PipelineSpec;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(name = "run", description = "Run a pipeline here, on an embedded Flink.")
final class RunCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Mixin private PipelineArguments pipeline;
    @Mixin private FlinkSettings flink;
    @Mixin private Output output;

    @Override
    public Integer call() throws Exception {
        Console console = thalamus.console();
        PipelineSpec spec = pipeline.load();
        Progress progress = new Progress(console, spec.source());
        try (PipelineRun run = new PipelineRun(spec, flink.parallelism, flink.settings)) {
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
}
