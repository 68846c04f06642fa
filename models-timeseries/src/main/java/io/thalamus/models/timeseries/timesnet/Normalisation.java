/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import java.util.Arrays;

/**
 * Brings each channel of each window to mean zero and deviation one, and a forecast back to the
 * window's own units. A missing or infinite value counts as the mean of the channel's others; a
 * channel without any other is taken for zeros. So every window has a finite result.
 */
final class Normalisation {
    private final int channels;
    private final int length;
    private final double epsilon;
    private double[] means = new double[0];
    private double[] deviations = new double[0];

    /**
     * For windows of one size.
     *
     * @param epsilon added to the variance under the root
     */
    Normalisation(int channels, int length, double epsilon) {
        this.channels = channels;
        this.length = length;
        this.epsilon = epsilon;
    }

    /** Forgets the last batch and makes room for one of so many windows. */
    void start(int windows) {
        if (means.length < windows * channels) {
            means = new double[windows * channels];
            deviations = new double[windows * channels];
        }
    }

    /**
     * Normalises a window.
     *
     * @param window its place in the batch
     * @param samples {@code channels x length}
     * @param normalised takes as many values
     */
    void apply(int window, float[] samples, float[] normalised) {
        for (int channel = 0; channel < channels; channel++) {
            apply(window * channels + channel, samples, normalised, channel * length);
        }
    }

    private void apply(int slot, float[] samples, float[] normalised, int first) {
        int end = first + length;
        int present = 0;
        double sum = 0;
        for (int i = first; i < end; i++) {
            if (Float.isFinite(samples[i])) {
                sum += samples[i];
                present++;
            }
        }
        if (present == 0) {
            means[slot] = 0;
            deviations[slot] = Math.sqrt(epsilon);
            Arrays.fill(normalised, first, end, 0);
            return;
        }
        double mean = sum / present;
        double squares = 0;
        for (int i = first; i < end; i++) {
            if (Float.isFinite(samples[i])) {
                squares += (samples[i] - mean) * (samples[i] - mean);
            }
        }
        // The population variance, and the epsilon inside the root.
        double deviation = Math.sqrt(squares / present + epsilon);
        for (int i = first; i < end; i++) {
            normalised[i] =
                    Float.isFinite(samples[i]) ? (float) ((samples[i] - mean) / deviation) : 0;
        }
        means[slot] = mean;
        deviations[slot] = deviation;
    }

    /** A value in the units of a window of the batch. */
    float undo(int window, int channel, float value) {
        int slot = window * channels + channel;
        return (float) (value * deviations[slot] + means[slot]);
    }
}
