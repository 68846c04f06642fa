/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one stream has learned at test time, as a delta to the bundle's weights: without it, the
 * stream is back at the bundle exactly. Immutable: learning makes a new one.
 *
 * @param updates how many updates have been made
 * @param deltas by the weight's name, in the weight's own order; a weight that is absent has not
 *     changed. Arrays are not to be modified
 * @param memory what learning itself needs of the stream's past, by name: moments of an optimiser,
 *     averages of a guard. Arrays are not to be modified
 */
public record FastWeights(long updates, Map<String, float[]> deltas, Map<String, float[]> memory) {
    /**
     * How the names in {@link #memory} begin of windows that wait to be learned from. They count
     * against a budget of their own, and a stream that goes back to an earlier state loses them.
     */
    public static final String PENDING = "pending/";

    private static final FastWeights NONE = new FastWeights(0, Map.of(), Map.of());

    /** Of learning without a memory. */
    public FastWeights(long updates, Map<String, float[]> deltas) {
        this(updates, deltas, Map.of());
    }

    /** Nothing learned: the network as it is in the bundle. */
    public static FastWeights none() {
        return NONE;
    }

    /**
     * A stream's own weights.
     *
     * @param source the bundle's; given back if the stream has learned none, and not to be modified
     */
    public float[] weights(String name, float[] source) {
        float[] delta = deltas.get(name);
        if (delta == null) {
            return source;
        }
        float[] own = new float[source.length];
        for (int i = 0; i < own.length; i++) {
            own[i] = source[i] + delta[i];
        }
        return own;
    }

    /** The same with another memory. */
    public FastWeights withMemory(Map<String, float[]> other) {
        return new FastWeights(updates, deltas, other);
    }

    /** These without the windows that wait to be learned from. */
    public FastWeights withoutPending() {
        return withMemory(
                memory.entrySet().stream()
                        .filter(entry -> !entry.getKey().startsWith(PENDING))
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Whether no delta and nothing remembered is infinite or no number. */
    public boolean isFinite() {
        return deltas.values().stream().allMatch(Finite::are)
                && memory.values().stream().allMatch(Finite::are);
    }

    /**
     * The bytes that they take in a checkpoint, as {@link FastWeightsFormat} writes them with the
     * bundle's digest.
     */
    public int bytes() {
        return FastWeightsFormat.size(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastWeights that
                && updates == that.updates
                && same(deltas, that.deltas)
                && same(memory, that.memory);
    }

    private static boolean same(Map<String, float[]> some, Map<String, float[]> others) {
        return some.keySet().equals(others.keySet())
                && some.entrySet().stream()
                        .allMatch(e -> Arrays.equals(e.getValue(), others.get(e.getKey())));
    }

    @Override
    public int hashCode() {
        return Long.hashCode(updates) + 31 * deltas.keySet().hashCode();
    }
}
