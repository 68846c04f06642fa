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
        ZEROS
    }

    public GapFill {
        if (method == null || limit == null) {
            throw new InvalidInputException("a fill has a method and a limit");
        }
    }

    /**
     * The values of a gap.
     *
     * @param before the last value of each channel before the gap
     * @param after the first value of each channel behind it
     * @param count the samples of the gap
     * @return {@code channels x count}, one channel after the other, as frames have them
     */
    public float[] between(float[] before, float[] after, int count) {
        float[] values = new float[Math.multiplyExact(before.length, count)];
        for (int channel = 0; channel < before.length; channel++) {
            int from = channel * count;
            if (method == Method.HOLD) {
                Arrays.fill(values, from, from + count, before[channel]);
            } else if (method == Method.LINEAR) {
                double rise = ((double) after[channel] - before[channel]) / (count + 1);
                for (int n = 0; n < count; n++) {
                    values[from + n] = (float) (before[channel] + (n + 1) * rise);
                }
            }
        }
        return values;
    }
}
