/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.Map;

/**
 * What one stream has learned at test time, as a delta to the bundle's weights. Immutable: learning
 * makes a new one.
 *
 * @param updates how many updates have been made
 * @param deltas by the weight's name, in the weight's own order; a weight that is absent has not
 *     changed. Arrays are not to be modified
 */
public record FastWeights(long updates, Map<String, float[]> deltas) {
    private static final FastWeights NONE = new FastWeights(0, Map.of());

    /** Nothing learned: the network as it is in the bundle. */
    public static FastWeights none() {
        return NONE;
    }
}
