/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.adaptation.FastWeights;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The weights of a network's first layer, of which each stream may have its own.
 *
 * @param source the bundle's, by name, as streams learn them
 * @param shape as a graph takes them
 * @param form what it takes, made of such weights
 */
public record StreamKernel(
        Map<String, float[]> source, int[] shape, Function<Map<String, float[]>, float[]> form) {

    /** Of a layer whose weights a graph takes as streams learn them. */
    public static StreamKernel of(String name, float[] weights, int... shape) {
        return new StreamKernel(Map.of(name, weights), shape, own -> own.get(name));
    }

    /** What a graph takes for a stream. */
    float[] of(FastWeights learned) {
        Map<String, float[]> own = new HashMap<>();
        source.forEach((name, weights) -> own.put(name, learned.weights(name, weights)));
        return form.apply(own);
    }
}
