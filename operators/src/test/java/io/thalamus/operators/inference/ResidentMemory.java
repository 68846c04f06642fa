/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the process holds of the machine's memory, native memory included. */
public final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    /**
     * Runs something many times and objects if the process has grown since the first third, when
     * caches and pools have filled. Collects garbage in between: direct buffers that nobody holds
     * go with it, so that what is left is what is held.
     *
     * @param mebibytes growth that is allowed, for what the JVM itself may take in the meantime
     */
    static void assertFlat(Runnable step, int times, long mebibytes) {
        repeat(step, times / 3);
        long before = bytes();
        repeat(step, times - times / 3);
        assertThat((bytes() - before) >> 20)
                .as("MiB more after %d further runs", times - times / 3)
                .isLessThan(mebibytes);
    }

    private static void repeat(Runnable step, int times) {
        for (int i = 1; i <= times; i++) {
            step.run();
            if (i % 50 == 0 || i == times) {
                System.gc();
            }
        }
    }

    public static long bytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
