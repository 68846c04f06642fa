/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.recording.CsvFormat;
import io.thalamus.connectors.recording.CsvOptions;
import io.thalamus.connectors.recording.DetectedFormat;
import io.thalamus.connectors.recording.RecordedSource;
import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.connectors.recording.RecordingFormat;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.TimeFormat;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
    @Mixin private Output output;

    @Parameters(
            paramLabel = "FILE_OR_BUNDLE",
            description = "A recording, a folder of them, or a bundle's folder.")
    private Path path;

    @Option(
            names = "--delimiter",
            defaultValue = ",",
            description = "CSV: what stands between fields (default: ${DEFAULT-VALUE}).")
    private char delimiter;

    @Option(names = "--time-column", description = "CSV: the column of times (default: the first).")
    private String timeColumn;

    @Option(
            names = "--time-format",
            defaultValue = TimeFormat.ISO,
            description = "CSV: how times are written (default: ${DEFAULT-VALUE}).")
    private String timeFormat;

    @Override
    public Integer call() throws IOException {
        Console console = thalamus.console();
        if (!Files.exists(path)) {
            throw new ParameterException(command.commandLine(), "there is no " + path);
        }
        if (ModelBundle.isBundle(path)) {
            BundleInspection inspection = BundleInspection.of(ModelBundle.open(path));
            if (output.json) {
                console.json(inspection);
            } else {
                console.out().print(inspection.text());
            }
            return 0;
        }
        List<RecordingInspection> inspections = recordings();
        if (!output.json) {
            inspections.forEach(inspection -> console.out().print(inspection.text()));
        } else if (Files.isDirectory(path)) {
            console.json(inspections);
        } else {
            console.json(inspections.get(0));
        }
        return 0;
    }

    private RecordingFormat format() {
        try {
            CsvOptions csv =
                    CsvOptions.defaults()
                            .withDelimiter(delimiter)
                            .withTimeColumn(timeColumn)
                            .withTimeFormat(new TimeFormat(timeFormat, ZoneOffset.UTC));
            return DetectedFormat.of(RecordingOptions.defaults()).or(new CsvFormat(csv));
        } catch (InvalidInputException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private List<RecordingInspection> recordings() throws IOException {
        RecordingFormat format = format();
        List<RecordingInspection> inspections = new ArrayList<>();
        for (RecordingDescription recording :
                RecordedSource.of(path.toString(), format).describe()) {
            inspections.add(RecordingInspection.of(recording, format));
        }
        return inspections;
    }
}
