/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process has of the machine's memory. */
final class Memory {
    private Memory() {}

    /** In megabytes, native memory included. */
    static double resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmRSS"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }
}
