/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.Arrays;

/**
 * Mean and biased variance of each channel of a signal.
 *
 * @param mean not to be modified
 * @param variance not to be modified
 */
public record ChannelStatistics(float[] mean, float[] variance) {

    /**
     * Of a batch.
     *
     * @param values {@code [count, channels]}
     */
    public static ChannelStatistics of(double[] values, int count, int channels) {
        float[] mean = new float[channels];
        float[] variance = new float[channels];
        for (int channel = 0; channel < channels; channel++) {
            double sum = 0;
            for (int n = 0; n < count; n++) {
                sum += values[n * channels + channel];
            }
            double centre = sum / count;
            double squares = 0;
            for (int n = 0; n < count; n++) {
                double distance = values[n * channels + channel] - centre;
                squares += distance * distance;
            }
            mean[channel] = (float) centre;
            variance[channel] = (float) (squares / count);
        }
        return new ChannelStatistics(mean, variance);
    }

    /**
     * Of one window, as a model's output ends with them: the means of all channels, then their
     * variances.
     */
    public static ChannelStatistics endOf(float[] output, int channels) {
        int middle = output.length - channels;
        return new ChannelStatistics(
                Arrays.copyOfRange(output, middle - channels, middle),
                Arrays.copyOfRange(output, middle, output.length));
    }

    /** Whether they are all numbers. */
    boolean isFinite() {
        return Finite.are(mean) && Finite.are(variance);
    }

    /** These, moved a share of the way to others. */
    public ChannelStatistics towards(ChannelStatistics others, double share) {
        return new ChannelStatistics(
                between(mean, others.mean, share), between(variance, others.variance, share));
    }

    private static float[] between(float[] from, float[] to, double share) {
        float[] moved = new float[from.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) ((1 - share) * from[i] + share * to[i]);
        }
        return moved;
    }
}
