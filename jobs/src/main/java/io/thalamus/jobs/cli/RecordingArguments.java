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
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
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

    @Option(
            names = "--start",
            paramLabel = "TIME",
            description =
                    "The time of the first sample of a file that knows no time, such as FLAC and"
                            + " most WAV (default: ${DEFAULT-VALUE}).",
            defaultValue = "1970-01-01T00:00:00Z")
    private Instant start;

    @Option(
            names = "--channels",
            split = ",",
            paramLabel = "NAME",
            description = "Read these only, in this order (default: all).")
    private List<String> channels = List.of();

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
                            .withChannels(channels)
                            .withFrameLength(frameLength);
            RecordingOptions binary = new RecordingOptions(frameLength, start, channels);
            return DetectedFormat.of(binary).or(new CsvFormat(csv));
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
