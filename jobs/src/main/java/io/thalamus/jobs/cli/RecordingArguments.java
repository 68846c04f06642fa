/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.recording.CsvFormat;
import io.thalamus.connectors.recording.CsvOptions;
import io.thalamus.connectors.recording.DetectedFormat;
import io.thalamus.connectors.recording.RecordedSource;
import io.thalamus.connectors.recording.RecordingFormat;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.TimeFormat;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.time.ZoneOffset;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How recordings are read by commands that take them as they are. */
final class RecordingArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

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

    /** In frames of the usual length. */
    RecordingFormat format() {
        return format(RecordingOptions.defaults().frameLength());
    }

    RecordingFormat format(int frameLength) {
        try {
            CsvOptions csv =
                    CsvOptions.defaults()
                            .withDelimiter(delimiter)
                            .withTimeColumn(timeColumn)
                            .withTimeFormat(new TimeFormat(timeFormat, ZoneOffset.UTC))
                            .withFrameLength(frameLength);
            return DetectedFormat.of(RecordingOptions.defaults().withFrameLength(frameLength))
                    .or(new CsvFormat(csv));
        } catch (IllegalArgumentException | InvalidInputException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    /** The recordings at a path, of which there has to be one. */
    RecordedSource recordings(String path, RecordingFormat format) throws IOException {
        RecordedSource recordings = RecordedSource.of(path, format);
        try {
            recordings.files();
        } catch (InvalidInputException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
        return recordings;
    }
}
