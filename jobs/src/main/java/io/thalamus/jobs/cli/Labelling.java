/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.recording.AnnotationFiles;
import io.thalamus.schemas.Annotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The file of labels that a call names by {@code --labels}. */
final class Labelling {
    private Labelling() {}

    /**
     * Reads it.
     *
     * @param file on any file system of Flink; null if the call names none
     * @throws ParameterException if there is no such file
     */
    static Optional<List<Annotation>> read(String file, CommandSpec command) throws IOException {
        if (file == null) {
            return Optional.empty();
        }
        if (!file.contains("://") && !Files.exists(Path.of(file))) {
            throw new ParameterException(
                    command.commandLine(),
                    "there is no file %s; give one with --labels".formatted(file));
        }
        return Optional.of(AnnotationFiles.read(new org.apache.flink.core.fs.Path(file)));
    }
}
