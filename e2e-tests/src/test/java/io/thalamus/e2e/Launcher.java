/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The launcher, in a process of its own, as a user calls it. */
final class Launcher {
    /** MXNet's library tells this by itself; nothing turns it off. */
    private static final String ENGINE_STARTS = "MXNet start using engine";

    /** What ends within minutes gives back little of the time in which its JVM optimises it. */
    static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

    private Launcher() {}

    /**
     * How a command ended.
     *
     * @param err the lines on standard error, without that of the engine's start
     */
    record Outcome(int exitCode, String out, List<String> err) {}

    static Outcome thalamus(Path workingDirectory, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Checkout.ROOT.resolve("thalamus").toString());
        command.addAll(List.of(arguments));
        return run(workingDirectory, command);
    }

    static Outcome run(Path workingDirectory, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("thalamus", ".out");
        Path err = Files.createTempFile("thalamus", ".err");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(workingDirectory.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment()
                    .merge("THALAMUS_JAVA_OPTIONS", SHORT_LIVED, (given, own) -> given + " " + own);
            Process process = builder.start();
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
                throw new IOException(command + " did not end: " + Files.readString(err));
            }
            return new Outcome(
                    process.exitValue(),
                    Files.readString(out),
                    Files.readAllLines(err).stream()
                            .filter(line -> !line.contains(ENGINE_STARTS))
                            .toList());
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
