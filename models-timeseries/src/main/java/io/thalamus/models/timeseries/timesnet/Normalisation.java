/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.Tensor;

/**
 * Brings each channel of each window to mean zero and deviation one, and results back to the
 * window's own units. A missing or infinite value counts as the mean of the channel's others, or as
 * what lies on the line between its neighbours; a channel without any other is taken for zeros. So
 * every window has a finite result.
 */
final class Normalisation {
    /** Larger values would overflow inside a network; only a window's own units have such. */
    private static final double LARGEST = 1e9;

    private final int channels;
    private final int length;
    private final double epsilon;
    private final boolean ownUnits;
    private final boolean linear;
    private double[] means = new double[0];
    private double[] deviations = new double[0];

    /** What the network was given of the batch, to which it adds; none unless it does. */
    private float[] given = new float[0];

    private Normalisation(
            int channels, int length, double epsilon, boolean ownUnits, boolean linear) {
        this.channels = channels;
        this.length = length;
        this.epsilon = epsilon;
        this.ownUnits = ownUnits;
        this.linear = linear;
    }

    /**
     * For windows of one size.
     *
     * @param epsilon added to the variance under the root
     */
    Normalisation(int channels, int length, double epsilon) {
        this(channels, length, epsilon, /* ownUnits= */ false, /* linear= */ false);
    }

    /**
     * Puts what is missing on the line between its neighbours, and beyond the first and the last
     * value that is there, on those. Results are what is to be added to the window so filled.
     *
     * @param epsilon added to the variance under the root
     */
    static Normalisation linear(int channels, int length, double epsilon) {
        return new Normalisation(
                channels, length, epsilon, /* ownUnits= */ false, /* linear= */ true);
    }

    /**
     * Leaves windows in their own units. What is missing is replaced all the same, and what is
     * beyond 1e9 counts as that.
     */
    static Normalisation none(int channels, int length) {
        return new Normalisation(channels, length, 0, /* ownUnits= */ true, /* linear= */ false);
    }

    /** Forgets the last batch and makes room for one of so many windows. */
    void start(int windows) {
        if (means.length < windows * channels) {
            means = new double[windows * channels];
            deviations = new double[windows * channels];
            given = new float[linear ? windows * channels * length : 0];
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
        if (linear) {
            int size = channels * length;
            System.arraycopy(normalised, 0, given, window * size, size);
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
        int before = -1;
        for (int i = first; i < end; i++) {
            if (Float.isFinite(samples[i])) {
                normalised[i] = scaled(slot, samples[i]);
                if (linear) {
                    connect(normalised, before < 0 ? first : before, i, before < 0);
                    before = i;
                }
            } else {
                normalised[i] = before < 0 ? scaled(slot, mean) : normalised[before];
            }
        }
    }

    private float scaled(int slot, double value) {
        double scaled = (value - means[slot]) / deviations[slot];
        return (float) Math.max(-LARGEST, Math.min(LARGEST, scaled));
    }

    /** Puts the values between two others on a line, which is level if only the last is known. */
    private static void connect(float[] values, int from, int to, boolean level) {
        double start = level ? values[to] : values[from];
        double rise = (values[to] - start) / Math.max(1, to - from);
        for (int i = from; i < to; i++) {
            values[i] = (float) (start + (i - from) * rise);
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

    /**
     * A window's results in its own units.
     *
     * @param window its place in the batch
     * @param results {@code [windows, channels, samples]}
     * @param first the sample to begin with
     * @return {@code channels x (samples - first)} values
     */
    float[] undo(int window, Tensor results, int first) {
        int samples = results.dimension(2);
        int kept = samples - first;
        float[] values = new float[channels * kept];
        for (int channel = 0; channel < channels; channel++) {
            int from = (window * channels + channel) * samples + first;
            for (int t = 0; t < kept; t++) {
                float result = results.data()[from + t];
                values[channel * kept + t] =
                        undo(window, channel, linear ? result + given[from + t] : result);
            }
        }
        return values;
    }

    /** The length of the network's unit in the units of a window of the batch. */
    double deviation(int window, int channel) {
        return deviations[window * channels + channel];
    }
}
