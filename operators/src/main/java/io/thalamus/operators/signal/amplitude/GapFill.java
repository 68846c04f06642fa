/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.operators.signal.Span;
import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;
import java.util.Arrays;

/**
 * What is put in the place of samples that were lost between two others. Where a value that it
 * depends on is missing, it is missing too.
 *
 * @param method how the values are made
 * @param limit the longest gap that is filled
 */
public record GapFill(Method method, Span limit) implements Serializable {

    /** How values are made. */
    public enum Method {
        /** The last value before the gap. */
        HOLD,
        /** On a line from the last value before the gap to the first one behind it. */
        LINEAR,
        /** Zeros. */
        ZEROS,
        /** None: they stay missing, for a model to fill. */
        MODEL
    }

    public GapFill {
        if (method == null || limit == null) {
            throw new InvalidInputException("a fill has a method and a limit");
        }
    }

    /**
     * The values of a gap, or of a part of it.
     *
     * @param before the last value of each channel before the gap
     * @param after the first value of each channel behind it
     * @param count the samples of the gap
     * @param from the first sample of the part
     * @param to the one behind its last
     * @return {@code channels x (to - from)}, one channel after the other, as frames have them
     */
    public float[] between(float[] before, float[] after, int count, int from, int to) {
        int length = to - from;
        float[] values = new float[before.length * length];
        for (int channel = 0; channel < before.length; channel++) {
            int at = channel * length;
            if (method == Method.HOLD) {
                Arrays.fill(values, at, at + length, before[channel]);
            } else if (isForModel()) {
                Arrays.fill(values, at, at + length, Float.NaN);
            } else if (method == Method.LINEAR) {
                double rise = ((double) after[channel] - before[channel]) / (count + 1L);
                for (int n = 0; n < length; n++) {
                    values[at + n] = (float) (before[channel] + (from + n + 1L) * rise);
                }
            }
        }
        return values;
    }

    /** Whether the values are left missing, for a model to fill. */
    public boolean isForModel() {
        return method == Method.MODEL;
    }
}
