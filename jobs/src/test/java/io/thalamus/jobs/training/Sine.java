/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;

/** Hourly recordings of two channels that a linear network can learn. */
final class Sine {
    private Sine() {}

    /** Writes {@code a}, a daily rhythm, and {@code b}, which follows it and is noisy. */
    static Path write(Path file, int rows) throws IOException {
        StringBuilder csv = new StringBuilder("date,a,b\n");
        LocalDateTime time = LocalDateTime.of(2020, 1, 1, 0, 0);
        for (int row = 0; row < rows; row++) {
            double a = Math.sin(2 * Math.PI * row / 24);
            double noise = (row * 7919 % 101) / 101.0 - 0.5;
            csv.append("%s,%.4f,%.4f\n".formatted(time.plusHours(row), 5 + 2 * a, a + noise));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, csv);
        return file;
    }
}
