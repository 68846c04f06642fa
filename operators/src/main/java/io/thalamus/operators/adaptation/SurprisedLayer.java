/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.operators.adaptation.SurpriseGate.Level;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A first layer that follows the soft Hebbian rule as far as an error is above its own recent level
 * (equations 5.2 and 5.3). What that is, is kept in {@link FastWeights#memory}.
 */
public final class SurprisedLayer {
    private static final SurpriseGate GATE = new SurpriseGate(0.1, 0.05, 2);
    private static final String LEVEL = "hebbian.level";

    private final PlasticLayer layer;
    private final double rate;

    /** Whose weights move by a rate where surprise is 1. */
    public SurprisedLayer(PlasticLayer layer, double rate) {
        this.layer = layer;
        this.rate = rate;
    }

    /** How far an error surprises, from 0 to 2. */
    public double surprise(FastWeights before, double error) {
        return GATE.opening(level(before), error);
    }

    private static Level level(FastWeights known) {
        float[] kept = known.memory().get(LEVEL);
        return kept == null ? Level.unknown() : new Level(kept[0], kept[1]);
    }

    /** What a stream knows once an error counts for the level. */
    public FastWeights noting(FastWeights before, double error) {
        Level level = GATE.after(level(before), error);
        // A variance beyond the largest float keeps the gate closed just as well.
        float variance = (float) Math.min(Float.MAX_VALUE, level.variance());
        Map<String, float[]> memory = new HashMap<>(before.memory());
        memory.put(LEVEL, new float[] {(float) level.mean(), variance});
        return before.withMemory(memory);
    }

    /** What a stream knows after a window that surprised. */
    public FastWeights after(FastWeights before, SignalFrame window, double surprise) {
        if (surprise == 0) {
            return before;
        }
        Map<String, float[]> weights = new HashMap<>();
        layer.source().forEach((name, own) -> weights.put(name, before.weights(name, own)));
        Map<String, double[]> change = layer.change(weights, window);
        if (!change.values().stream()
                .allMatch(one -> Arrays.stream(one).allMatch(Double::isFinite))) {
            return before;
        }
        Map<String, float[]> deltas = new HashMap<>(before.deltas());
        change.forEach(
                (name, one) -> {
                    float[] delta = new float[one.length];
                    float[] known = before.deltas().getOrDefault(name, delta);
                    for (int i = 0; i < delta.length; i++) {
                        delta[i] = (float) (known[i] + surprise * rate * one[i]);
                    }
                    deltas.put(name, delta);
                });
        return new FastWeights(before.updates(), deltas, before.memory());
    }

    /** The bundle's weights. */
    public Map<String, float[]> source() {
        return layer.source();
    }

    /** What is kept of a stream beside its weights, at most. */
    public static Map<String, float[]> memory() {
        return Map.of(LEVEL, new float[2]);
    }
}
