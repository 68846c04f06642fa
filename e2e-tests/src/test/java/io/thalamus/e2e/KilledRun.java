/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;

/** A run of a pipeline in a process of its own that is killed in the middle. */
final class KilledRun {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private KilledRun() {}

    /** How far a run has come. */
    @FunctionalInterface
    interface Progress {
        boolean reached(int checkpoint) throws Exception;
    }

    /**
     * Starts a run with a checkpoint every 300 ms, kills it when it has done enough, and gives the
     * last.
     *
     * @param settings of the pipeline, paced so that it is not through by then
     * @param folder for the checkpoints and the log
     * @param enough whether it has, by the number of its newest checkpoint; asked for each one
     */
    static Path checkpoint(Path pipeline, List<String> settings, Path folder, Progress enough)
            throws Exception {
        Path checkpoints = Files.createDirectories(folder).resolve("checkpoints");
        List<String> command = new ArrayList<>();
        command.add(Checkout.ROOT.resolve("thalamus").toString());
        command.add("run");
        command.add(pipeline.toString());
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        flink("execution.checkpointing.interval", "300ms", command);
        flink("execution.checkpointing.dir", checkpoints.toUri().toString(), command);
        flink(
                "execution.checkpointing.externalized-checkpoint-retention",
                "RETAIN_ON_CANCELLATION",
                command);
        Path log = folder.resolve("log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            int last = 0;
            while (last == 0 || !enough.reached(last)) {
                int before = last;
                while (last == before) {
                    assertThat(process.isAlive() && System.nanoTime() < deadline)
                            .as(() -> "still running: " + read(log))
                            .isTrue();
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                    last = completed(checkpoints).map(KilledRun::number).orElse(before);
                }
            }
        } finally {
            process.destroyForcibly();
            process.onExit().join();
        }
        return completed(checkpoints).orElseThrow();
    }

    private static void flink(String key, String value, List<String> command) {
        command.addAll(List.of("--flink", key + "=" + value));
    }

    /**
     * The newest checkpoint that was completed. While the job runs, checkpoints that are superseded
     * vanish at any moment, so that their folders are looked at by name and never walked.
     */
    private static Optional<Path> completed(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> jobs = Files.newDirectoryStream(checkpoints)) {
            for (Path job : jobs) {
                try (DirectoryStream<Path> taken = Files.newDirectoryStream(job, "chk-*")) {
                    return StreamSupport.stream(taken.spliterator(), false)
                            .filter(checkpoint -> Files.exists(checkpoint.resolve("_metadata")))
                            .max(Comparator.comparingInt(KilledRun::number));
                }
            }
        }
        return Optional.empty();
    }

    private static int number(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
