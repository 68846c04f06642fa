/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.spec.PipelineSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A pipeline file with overrides. */
final class PipelineArguments {
    @Parameters(paramLabel = "PIPELINE.yaml", description = "The pipeline file.")
    Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set a key of the file, such as window.hop=1. May be given again.")
    private List<String> overrides = new ArrayList<>();

    PipelineSpec load() {
        return PipelineSpec.load(file, overrides);
    }

    /**
     * Reads it with keys that go before those of the call.
     *
     * @param others assignments as of {@code --set}
     */
    PipelineSpec loadWith(List<String> others) {
        List<String> all = new ArrayList<>(overrides);
        all.addAll(others);
        return PipelineSpec.load(file, all);
    }
}
