/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

/** Mean and biased variance of each channel over all windows that have been added. */
final class ChannelMoments {
    private final double[] sums;
    private final double[] squares;
    private long count;

    ChannelMoments(int channels) {
        sums = new double[channels];
        squares = new double[channels];
    }

    /** Adds a window, {@code [channels, length]} from the start of an array that may be longer. */
    void add(float[] values, int length) {
        for (int channel = 0; channel < sums.length; channel++) {
            for (int i = channel * length; i < (channel + 1) * length; i++) {
                sums[channel] += values[i];
                squares[channel] += (double) values[i] * values[i];
            }
        }
        count += length;
    }

    /** Of what has been added, less a centre and over a scale. */
    float mean(int channel, double centre, double scale) {
        return (float) ((sums[channel] / count - centre) / scale);
    }

    /** Of what has been added, over a scale. */
    float variance(int channel, double scale) {
        double mean = sums[channel] / count;
        return (float) (Math.max(0, squares[channel] / count - mean * mean) / (scale * scale));
    }
}
