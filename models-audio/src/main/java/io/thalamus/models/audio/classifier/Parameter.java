/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;

/**
 * A weight that a stream may have moved.
 *
 * @param name in the bundle, and among the deltas of {@link FastWeights}
 * @param source its values in the bundle; not to be modified
 */
record Parameter(String name, float[] source) {

    /** A stream's values: those of the bundle where it has none of its own. Not to be modified. */
    float[] of(FastWeights learned) {
        return learned.weights(name, source);
    }

    /** What has to be added to the bundle's values to have others. */
    float[] delta(float[] values) {
        float[] delta = new float[source.length];
        for (int i = 0; i < delta.length; i++) {
            delta[i] = values[i] - source[i];
        }
        return delta;
    }
}
