/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.Tensor;

/**
 * A gain for each channel of what a reconstruction differs by from its window, missing values of
 * which lie on the line between their neighbours. Of a network that scores its windows, it says how
 * much an error in a channel counts; of one that fills them, how far from the line it is trusted.
 */
final class ResidualGain {
    /** What each channel's gain differs from one. */
    static final String GAIN = "residual.gain";

    private static final double EPSILON = 1e-5;

    private final int channels;
    private final int length;
    private final Normalisation line;
    private final float[] normalised;
    private final Tensor nothing;

    ResidualGain(TimesNetConfig config) {
        channels = config.channels();
        length = config.inputLength();
        line = Normalisation.linear(channels, length, config.normalisationEpsilon());
        normalised = new float[channels * length];
        nothing = Tensor.of(new float[normalised.length], 1, channels, length);
    }

    /** Whether a stream has learned gains. */
    static boolean isIn(FastWeights learned) {
        return learned.deltas().containsKey(GAIN);
    }

    /** A stream's gain of a channel: one where it has learned none. */
    static double gain(FastWeights learned, int channel) {
        return isIn(learned) ? 1.0 + learned.deltas().get(GAIN)[channel] : 1;
    }

    /** A window without holes: its values, and lines between them. */
    float[] filled(float[] window) {
        line.start(1);
        line.apply(0, window, normalised);
        float[] filled = line.undo(0, nothing, 0);
        for (int i = 0; i < filled.length; i++) {
            filled[i] = Float.isFinite(window[i]) ? window[i] : filled[i];
        }
        return filled;
    }

    /**
     * A reconstruction as a stream sees it.
     *
     * @param window {@code channels x length}
     * @param reconstruction the network's, as many values
     */
    float[] applied(FastWeights learned, float[] window, float[] reconstruction) {
        float[] filled = filled(window);
        float[] result = new float[filled.length];
        for (int i = 0; i < result.length; i++) {
            double residual = (double) reconstruction[i] - filled[i];
            double value = filled[i] + gain(learned, i / length) * residual;
            result[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
        }
        return result;
    }

    /** The variance of each channel's values that are there, and a little more. */
    double[] variances(float[] window) {
        double[] variances = new double[channels];
        for (int channel = 0; channel < channels; channel++) {
            double mean = mean(window, channel * length, length);
            double squares = 0;
            int count = 0;
            for (int i = channel * length; i < (channel + 1) * length; i++) {
                if (Float.isFinite(window[i])) {
                    squares += (window[i] - mean) * (window[i] - mean);
                    count++;
                }
            }
            variances[channel] = squares / Math.max(1, count) + EPSILON;
        }
        return variances;
    }

    private static double mean(float[] window, int from, int length) {
        double sum = 0;
        int count = 0;
        for (int i = from; i < from + length; i++) {
            if (Float.isFinite(window[i])) {
                sum += window[i];
                count++;
            }
        }
        return sum / Math.max(1, count);
    }
}
