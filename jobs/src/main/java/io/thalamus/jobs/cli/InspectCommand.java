/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.connectors.recording.RecordingFormat;
import io.thalamus.operators.stream.StagedBundle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "inspect", description = "Say what is in a recording or in a model bundle.")
final class InspectCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private RecordingArguments recordings;
    @Mixin private Output output;

    @Parameters(
            paramLabel = "FILE_OR_BUNDLE",
            description =
                    "A recording, a folder or a glob of them, or a bundle's folder, on any file"
                            + " system of Flink.")
    private String path;

    @Option(
            names = "--plot",
            paramLabel = "OUT.png",
            description = "Draw the recording: levels, a spectrogram, gaps and annotations.")
    private Path plot;

    @Override
    public Integer call() throws IOException {
        Console console = thalamus.console();
        if (StagedBundle.isBundle(path)) {
            requireNoPlot("a bundle");
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
        if (found.size() > 1) {
            requireNoPlot(found.size() + " recordings");
        }
        List<RecordingInspection> inspections = new ArrayList<>();
        for (RecordingDescription recording : found) {
            inspections.add(RecordingInspection.of(recording, format));
        }
        if (plot != null) {
            write(inspections.get(0).look(found.get(0), format).draw());
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

    private void requireNoPlot(String what) {
        if (plot != null) {
            throw new ParameterException(
                    command.commandLine(), "--plot draws one recording, not " + what);
        }
    }

    private void write(BufferedImage picture) throws IOException {
        Path folder = plot.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        try (OutputStream out = Files.newOutputStream(plot)) {
            ImageIO.write(picture, "png", out);
        }
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
