/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.DetectedFormat;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.RecordingReader;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One channel of sound from a file, as a whole.
 *
 * @param path the file
 * @param samples as the file's format gives them. Not to be modified
 * @param rate of the samples
 */
public record MonoRecording(Path path, float[] samples, SampleRate rate) {

    /**
     * Reads a file.
     *
     * @throws InvalidInputException if it is not there, damaged, has several channels or no sample
     */
    public static MonoRecording read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new InvalidInputException(
                    "there is no file '%s', which is to be compared with".formatted(path));
        }
        float[] samples = new float[0];
        SampleRate rate = null;
        try (RecordingReader reader =
                DetectedFormat.of(RecordingOptions.defaults())
                        .open(
                                new org.apache.flink.core.fs.Path(path.toUri()),
                                path.getFileName().toString(),
                                new byte[0])) {
            int length = 0;
            for (Received next = reader.next(); next != null; next = reader.next()) {
                if (next.deadLetter() != null) {
                    throw new InvalidInputException(
                            "'%s' is damaged: %s".formatted(path, next.deadLetter().reason()));
                }
                SignalFrame frame = next.frame();
                if (frame == null) {
                    continue; // a remark
                }
                if (frame.channels().size() > 1 || rate != null && !rate.equals(frame.rate())) {
                    throw new InvalidInputException(
                            "'%s' has not one channel at one rate, as what is compared has"
                                    .formatted(path));
                }
                rate = frame.rate();
                if (samples.length < length + frame.length()) {
                    samples = Arrays.copyOf(samples, 2 * (length + frame.length()));
                }
                System.arraycopy(frame.samples(), 0, samples, length, frame.length());
                length += frame.length();
            }
            samples = Arrays.copyOf(samples, length);
        }
        if (rate == null) {
            throw new InvalidInputException("'%s' holds no samples".formatted(path));
        }
        return new MonoRecording(path, samples, rate);
    }

    int length() {
        return samples.length;
    }

    /**
     * @throws InvalidInputException if another is not as long, or of another rate
     */
    void requireLike(MonoRecording other) {
        if (other.length() != length() || !other.rate.equals(rate)) {
            throw new InvalidInputException(
                    "'%s' has %,d samples at %s, but '%s' has %,d at %s; they must be aligned"
                            .formatted(
                                    path, length(), rate, other.path, other.length(), other.rate));
        }
    }

    /** The samples {@code [from, to)}. */
    double[] values(int from, int to) {
        return values(samples, from, to);
    }

    static double[] values(float[] samples, int from, int to) {
        double[] values = new double[to - from];
        for (int n = 0; n < values.length; n++) {
            values[n] = samples[from + n];
        }
        return values;
    }

    double[] values() {
        return values(0, length());
    }
}
