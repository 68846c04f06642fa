/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.adaptation.FastWeights;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The weights of a network's first layer, of which each stream may have its own. Used by one
 * thread.
 */
public final class StreamKernel {
    private final Map<String, float[]> source;
    private final int[] shape;
    private final Function<Map<String, float[]>, float[]> form;
    private final float[] ofTheBundle;

    /** What was learned of those that were formed last, by name, and what came of it. */
    private Map<String, float[]> deltas = Map.of();

    private float[] formed;

    /**
     * Weights.
     *
     * @param source the bundle's, by name, as streams learn them
     * @param shape as a graph takes them
     * @param form what it takes, made of such weights
     */
    public StreamKernel(
            Map<String, float[]> source,
            int[] shape,
            Function<Map<String, float[]>, float[]> form) {
        this.source = source;
        this.shape = shape.clone();
        this.form = form;
        this.ofTheBundle = form.apply(source);
    }

    /** Of a layer whose weights a graph takes as streams learn them. */
    public static StreamKernel of(String name, float[] weights, int... shape) {
        return new StreamKernel(Map.of(name, weights), shape, own -> own.get(name));
    }

    int[] shape() {
        return shape.clone();
    }

    /**
     * What a graph takes for a stream, not to be modified; the same array again for a window's
     * probes, which differ from it in other weights.
     */
    float[] of(FastWeights learned) {
        if (Collections.disjoint(learned.deltas().keySet(), source.keySet())) {
            return ofTheBundle;
        }
        boolean same =
                source.keySet().stream()
                        .allMatch(name -> deltas.get(name) == learned.deltas().get(name));
        if (formed == null || !same) {
            Map<String, float[]> own = new HashMap<>();
            source.forEach((name, weights) -> own.put(name, learned.weights(name, weights)));
            formed = form.apply(own);
            deltas = learned.deltas();
        }
        return formed;
    }
}
