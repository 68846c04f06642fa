/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Sounds for tests, at 8 kHz. */
public final class Waves {
    public static final SampleRate RATE = SampleRate.ofHertz(8000);

    private Waves() {}

    /** White noise, in float32. */
    public static float[] noise(long seed, int samples) {
        Random random = new Random(seed);
        float[] noise = new float[samples];
        for (int n = 0; n < samples; n++) {
            noise[n] = 0.5f * random.nextFloat() - 0.25f;
        }
        return noise;
    }

    /** {@code a + factor b}. */
    public static float[] sum(float[] a, double factor, float[] b) {
        float[] sum = new float[a.length];
        for (int n = 0; n < a.length; n++) {
            sum[n] = (float) (a[n] + factor * b[n]);
        }
        return sum;
    }

    /** Writes {@code NAME.wav}. */
    public static void write(Path folder, String name, float[] samples) throws IOException {
        write(folder, name, RATE, List.of("ch1"), samples);
    }

    public static void write(
            Path folder, String name, SampleRate rate, List<String> channels, float[] samples)
            throws IOException {
        try (RecordingFolder recordings =
                RecordingFolder.open(folder.toString(), WrittenFormat.WAV, true)) {
            recordings.write(new SignalFrame(name, 0, 0, 0, rate, channels, samples, 0));
            recordings.finish();
        }
    }

    /** A frame of a stream of one channel. */
    static SignalFrame frame(String stream, long sequence, long startNanos, float[] samples) {
        return new SignalFrame(stream, sequence, 0, startNanos, RATE, List.of("out"), samples, 0);
    }
}
