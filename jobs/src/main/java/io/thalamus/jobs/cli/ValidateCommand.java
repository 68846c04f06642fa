/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.spec.InvalidPipelineException;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.Problem;
import io.thalamus.schemas.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(name = "validate", description = "Say what is wrong with a pipeline, without running it.")
final class ValidateCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Mixin private PipelineArguments pipeline;
    @Mixin private Output output;

    private record Validity(String pipeline, boolean ok, List<Problem> problems) {}

    @Override
    public Integer call() {
        Console console = thalamus.console();
        Path file = pipeline.file;
        try {
            PipelineSpec spec = pipeline.load();
            if (output.json) {
                console.json(new Validity(file.toString(), true, List.of()));
            } else {
                console.out().printf("%s is right: pipeline %s%n", file, spec.name());
            }
            return 0;
        } catch (InvalidPipelineException e) {
            if (!output.json) {
                throw e;
            }
            console.json(new Validity(file.toString(), false, e.problems()));
            return 2;
        } catch (InvalidInputException e) {
            if (!output.json) {
                throw e;
            }
            Problem damage = new Problem("", 1, e.getMessage());
            console.json(new Validity(file.toString(), false, List.of(damage)));
            return 1;
        }
    }
}
