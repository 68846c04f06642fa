/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Other programs, as far as they are installed. */
final class Tools {
    private Tools() {}

    /** Skips a test where one of these is not installed. */
    static void require(String... names) {
        List<String> folders = Arrays.asList(System.getenv("PATH").split(File.pathSeparator));
        for (String name : names) {
            Stream<Path> places = folders.stream().map(place -> Path.of(place, name));
            assumeTrue(places.anyMatch(Files::isExecutable), "this test needs " + name);
        }
    }

    /** Runs a command in a folder; what it says goes to a file there. */
    static void run(Path folder, List<String> command, String output) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(folder.resolve(output).toFile())
                        .redirectError(folder.resolve("errors").toFile())
                        .start();
        assertThat(process.waitFor())
                .as(() -> command + ": " + read(folder.resolve("errors")))
                .isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
