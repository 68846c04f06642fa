/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

/**
 * Brings each channel of each window to mean zero and deviation one, and results back to the
 * window's own units. A missing or infinite value counts as the mean of the channel's others; a
 * channel without any other is taken for zeros. So every window has a finite result.
 */
final class Normalisation {
    /** Larger values would overflow inside a network; only a window's own units have such. */
    private static final double LARGEST = 1e9;

    private final int channels;
    private final int length;
    private final double epsilon;
    private final boolean ownUnits;
    private double[] means = new double[0];
    private double[] deviations = new double[0];

    private Normalisation(int channels, int length, double epsilon, boolean ownUnits) {
        this.channels = channels;
        this.length = length;
        this.epsilon = epsilon;
        this.ownUnits = ownUnits;
    }

    /**
     * For windows of one size.
     *
     * @param epsilon added to the variance under the root
     */
    Normalisation(int channels, int length, double epsilon) {
        this(channels, length, epsilon, false);
    }

    /**
     * Leaves windows in their own units. What is missing is replaced all the same, and what is
     * beyond 1e9 counts as that.
     */
    static Normalisation none(int channels, int length) {
        return new Normalisation(channels, length, 0, true);
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
        double mean = present == 0 ? 0 : sum / present;
        if (ownUnits) {
            means[slot] = 0;
            deviations[slot] = 1;
        } else {
            means[slot] = mean;
            deviations[slot] = deviation(samples, first, mean, present);
        }
        for (int i = first; i < end; i++) {
            double value = Float.isFinite(samples[i]) ? samples[i] : mean;
            double scaled = (value - means[slot]) / deviations[slot];
            normalised[i] = (float) Math.max(-LARGEST, Math.min(LARGEST, scaled));
        }
    }

    /** The root of the population variance, with the epsilon inside the root. */
    private double deviation(float[] samples, int first, double mean, int present) {
        double squares = 0;
        for (int i = first; i < first + length; i++) {
            if (Float.isFinite(samples[i])) {
                squares += (samples[i] - mean) * (samples[i] - mean);
            }
        }
        return Math.sqrt(squares / Math.max(present, 1) + epsilon);
    }

    /** A value in the units of a window of the batch. */
    float undo(int window, int channel, float value) {
        int slot = window * channels + channel;
        double undone = value * deviations[slot] + means[slot];
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, undone));
    }
}
