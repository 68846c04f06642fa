/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * A gain and an offset for each feature of the embedding, by which a stream differs from the
 * bundle. Past a window's end a forecast's sequence is a linear map of the embedded samples over
 * time, the same for every feature, so gain and offset may as well be applied behind it: that is
 * where they are, as nothing of the embedding has to be run again for a stream of its own.
 */
final class Modulator {
    static final String GAIN = "modulator.gain";
    static final String OFFSET = "modulator.offset";

    private final int width;

    /** What an offset of one before the continuation is at each sample behind it. */
    private final float[] ofOne;

    /** What the continuation adds by itself at each sample. */
    private final float[] added;

    Modulator(TimesNetConfig config, TimesNetWeights weights) {
        this.width = config.width();
        int length = config.length();
        this.ofOne = new float[length];
        this.added = new float[length];
        if (!config.task().forecasts()) {
            Arrays.fill(ofOne, 1);
            return;
        }
        float[] map = weights.tensors().get(TimesNetWeights.PREDICT_WEIGHT).data();
        int samples = config.inputLength();
        for (int t = 0; t < length; t++) {
            double sum = 0;
            for (int i = 0; i < samples; i++) {
                sum += map[t * samples + i];
            }
            ofOne[t] = (float) sum;
        }
        float[] bias = weights.tensors().get(TimesNetWeights.PREDICT_BIAS).data();
        System.arraycopy(bias, 0, added, 0, length);
    }

    /** Values of a modulator: what each gain differs from one, then what each offset is. */
    int parameters() {
        return 2 * width;
    }

    /** Whether a stream has learned anything of its modulator. */
    static boolean isIn(FastWeights learned) {
        return learned.deltas().containsKey(GAIN);
    }

    /** A stream's values, to be changed; zeros where it has learned nothing. */
    float[] of(FastWeights learned) {
        float[] values = new float[parameters()];
        if (isIn(learned)) {
            System.arraycopy(learned.deltas().get(GAIN), 0, values, 0, width);
            System.arraycopy(learned.deltas().get(OFFSET), 0, values, width, width);
        }
        return values;
    }

    /** Values as a stream keeps them. */
    Map<String, float[]> deltas(float[] values) {
        return Map.of(
                GAIN, Arrays.copyOfRange(values, 0, width),
                OFFSET, Arrays.copyOfRange(values, width, 2 * width));
    }

    /**
     * Modulates a window's sequence in place.
     *
     * @param sequences {@code [windows, length, width]}
     * @param values as {@link #of} has them
     */
    void apply(Tensor sequences, int window, float[] values) {
        float[] data = sequences.data();
        int at = window * ofOne.length * width;
        for (int t = 0; t < ofOne.length; t++) {
            for (int i = 0; i < width; i++, at++) {
                data[at] += values[i] * (data[at] - added[t]) + values[width + i] * ofOne[t];
            }
        }
    }

    /**
     * The gradient by a window's values.
     *
     * @param sequences as they were before they were modulated
     * @param bySequences by the modulated ones
     */
    double[] gradient(Tensor sequences, Tensor bySequences, int window) {
        double[] by = new double[parameters()];
        int at = window * ofOne.length * width;
        for (int t = 0; t < ofOne.length; t++) {
            for (int i = 0; i < width; i++, at++) {
                double slope = bySequences.data()[at];
                by[i] += slope * (sequences.data()[at] - added[t]);
                by[width + i] += slope * ofOne[t];
            }
        }
        return by;
    }
}
