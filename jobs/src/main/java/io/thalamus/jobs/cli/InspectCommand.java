/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.connectors.recording.RecordingFormat;
import io.thalamus.operators.stream.StagedBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "inspect", description = "Say what is in a recording or in a model bundle.")
final class InspectCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Mixin private RecordingArguments recordings;
    @Mixin private Output output;

    @Parameters(
            paramLabel = "FILE_OR_BUNDLE",
            description =
                    "A recording, a folder or a glob of them, or a bundle's folder, on any file"
                            + " system of Flink.")
    private String path;

    @Override
    public Integer call() throws IOException {
        Console console = thalamus.console();
        if (StagedBundle.isBundle(path)) {
            BundleInspection inspection = bundle();
            if (output.json) {
                console.json(inspection);
            } else {
                console.out().print(inspection.text());
            }
            return 0;
        }
        RecordingFormat format = recordings.format();
        List<RecordingDescription> found = recordings.recordings(path, format).describe();
        List<RecordingInspection> inspections = new ArrayList<>();
        for (RecordingDescription recording : found) {
            inspections.add(RecordingInspection.of(recording, format));
        }
        if (!output.json) {
            inspections.forEach(inspection -> console.out().print(inspection.text()));
        } else if (isOne(found)) {
            console.json(inspections.get(0));
        } else {
            console.json(inspections);
        }
        return 0;
    }

    /** Whether the path names a file, and not a folder or a glob, which may hold one. */
    private boolean isOne(List<RecordingDescription> found) {
        return found.size() == 1
                && new org.apache.flink.core.fs.Path(found.get(0).path())
                        .getName()
                        .equals(new org.apache.flink.core.fs.Path(path).getName());
    }

    private BundleInspection bundle() {
        try (StagedBundle staged =
                StagedBundle.of(path, Path.of(System.getProperty("java.io.tmpdir")))) {
            return BundleInspection.of(path, staged.bundle());
        }
    }
}
