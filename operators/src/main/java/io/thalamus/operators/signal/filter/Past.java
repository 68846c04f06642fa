/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.TransformState;
import java.util.Arrays;

/**
 * Puts the samples that came before a block in front of it. A state holds them as its first values.
 */
final class Past {
    private final int values;
    private double[] joined = new double[0];

    /**
     * @param values how many are remembered, of all channels
     */
    Past(int values) {
        this.values = values;
    }

    int values() {
        return values;
    }

    /** What is remembered, and the block behind it; the array may be longer. */
    double[] join(SampleBlock in, TransformState state) {
        int count = in.length() * in.channels();
        if (values + count > joined.length) {
            joined = Arrays.copyOf(joined, Math.max(values + count, 2 * joined.length));
        }
        System.arraycopy(state.values(), 0, joined, 0, values);
        System.arraycopy(in.values(), 0, joined, values, count);
        return joined;
    }

    /** Remembers the end of what was joined last. */
    void keep(SampleBlock in, TransformState state) {
        System.arraycopy(joined, in.length() * in.channels(), state.values(), 0, values);
    }
}
