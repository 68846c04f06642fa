/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

/**
 * The sum of consecutive samples, each times a weight, for all channels: what filters spend their
 * time with. Samples lie channel by channel, as in a {@link
 * io.thalamus.operators.signal.SampleBlock}.
 */
final class TapSum {
    /** From so many channels on, several channels at a time are faster than several taps. */
    private static final int MANY = 4;

    private TapSum() {}

    /**
     * Sets {@code out[at + c]} to the sum of {@code weights[row + t] in[from + t channels + c]}.
     */
    static void of(
            double[] weights,
            int row,
            int taps,
            double[] in,
            int from,
            int channels,
            double[] out,
            int at) {
        if (channels >= MANY) {
            overChannels(weights, row, taps, in, from, channels, out, at);
        } else {
            for (int channel = 0; channel < channels; channel++) {
                out[at + channel] = overTaps(weights, row, taps, in, from + channel, channels);
            }
        }
    }

    /** Four taps in one pass, so that sums are loaded and stored a quarter as often. */
    private static void overChannels(
            double[] weights,
            int row,
            int taps,
            double[] in,
            int from,
            int channels,
            double[] out,
            int at) {
        int tap = taps % 4;
        first(weights, row, tap, in, from, channels, out, at);
        for (; tap < taps; tap += 4) {
            double w0 = weights[row + tap];
            double w1 = weights[row + tap + 1];
            double w2 = weights[row + tap + 2];
            double w3 = weights[row + tap + 3];
            int i0 = from + tap * channels;
            int i1 = i0 + channels;
            int i2 = i1 + channels;
            int i3 = i2 + channels;
            for (int c = 0; c < channels; c++) {
                out[at + c] +=
                        (w0 * in[i0 + c] + w1 * in[i1 + c]) + (w2 * in[i2 + c] + w3 * in[i3 + c]);
            }
        }
    }

    private static void first(
            double[] weights,
            int row,
            int taps,
            double[] in,
            int from,
            int channels,
            double[] out,
            int at) {
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int tap = 0; tap < taps; tap++) {
                sum += weights[row + tap] * in[from + tap * channels + c];
            }
            out[at + c] = sum;
        }
    }

    /** Four sums, as one would wait for itself. */
    private static double overTaps(
            double[] weights, int row, int taps, double[] in, int from, int step) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        int tap = 0;
        for (; tap + 3 < taps; tap += 4) {
            a += weights[row + tap] * in[i];
            b += weights[row + tap + 1] * in[i + step];
            c += weights[row + tap + 2] * in[i + 2 * step];
            d += weights[row + tap + 3] * in[i + 3 * step];
            i += 4 * step;
        }
        for (; tap < taps; tap++) {
            a += weights[row + tap] * in[i];
            i += step;
        }
        return (a + b) + (c + d);
    }
}
