/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Random;

/** Signals that lead an encoder through all it can do. */
final class FlacSignals {
    private FlacSignals() {}

    /** {@code [channel][i]}, each channel of another kind. */
    static long[][] draw(Random random, int channels, int bits, int length) {
        long[][] signals = new long[channels][];
        for (int channel = 0; channel < channels; channel++) {
            signals[channel] = draw(random, bits, length);
        }
        return signals;
    }

    private static long[] draw(Random random, int bits, int length) {
        long top = (1L << bits - 1) - 1;
        int kind = random.nextInt(6);
        int zeros = random.nextInt(bits);
        double step = random.nextDouble();
        long level = random.nextLong(-top - 1, top + 1);
        long[] signal = new long[length];
        for (int i = 0; i < length; i++) {
            signal[i] =
                    switch (kind) {
                        case 0 -> level;
                        case 1 -> random.nextLong(-top - 1, top + 1);
                        case 2 -> Math.round(top * 0.9 * Math.sin(step * i));
                        case 3 -> random.nextBoolean() ? top : -top - 1;
                        case 4 -> random.nextLong(-top - 1, top + 1) >> zeros << zeros;
                        default -> random.nextInt(50) == 0 ? level : random.nextInt(-3, 3);
                    };
        }
        return signal;
    }

    /** Makes sure that each sample read is the one of its number. */
    static void assertExact(List<Received> received, long[][] samples, int bits) {
        for (SignalFrame frame : Recording.frames(received)) {
            for (int channel = 0; channel < samples.length; channel++) {
                for (int i = 0; i < frame.length(); i++) {
                    long sample = samples[channel][(int) frame.sequence() + i];
                    if (frame.sample(channel, i) != Math.scalb((float) sample, 1 - bits)) {
                        assertThat(frame.sample(channel, i))
                                .as("sample %d of channel %d", frame.sequence() + i, channel)
                                .isEqualTo(Math.scalb((float) sample, 1 - bits));
                    }
                }
            }
        }
    }
}
