/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Recordings of bands, as a small classifier of windows takes them. */
public final class BandRecording {
    /** A bundle for windows of {@link #WINDOW} samples of {@link #BANDS} bands, which can learn. */
    public static final Path CLASSIFIER =
            Path.of("../models-audio/src/test/resources/golden/classifier/group_norm")
                    .toAbsolutePath();

    public static final int BANDS = 6;
    public static final int WINDOW = 21;
    public static final double SECONDS_A_SAMPLE = 0.016;

    private BandRecording() {}

    /** The value of a sample in a band. */
    public interface Values {
        double at(int sample, int band);
    }

    /** Writes a CSV file, its columns {@code time} in seconds and one for each band. */
    public static void write(Path file, int samples, Values values) throws IOException {
        StringBuilder csv = new StringBuilder("time");
        for (int band = 0; band < BANDS; band++) {
            csv.append(",mel").append(band);
        }
        for (int n = 0; n < samples; n++) {
            csv.append('\n').append(n * SECONDS_A_SAMPLE);
            for (int band = 0; band < BANDS; band++) {
                csv.append(',').append((float) values.at(n, band));
            }
        }
        Files.writeString(file, csv.append('\n'));
    }
}
