/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A kernel in the form in which a convolution uses it, made of the stored one: each stored value
 * has one place in it, and the others are zeros.
 */
final class LearnedKernel {
    private final String name;
    private final String stored;
    private final Tensor made;
    private final Tensor gradient;

    /** Of each place the stored value that is there, counted from 1; 0 for none. */
    private final int[] sources;

    /**
     * A kernel.
     *
     * @param layer the reference's name for the layer
     * @param raw the stored one
     * @param form makes the one form of the other
     */
    LearnedKernel(String layer, Tensor raw, UnaryOperator<Tensor> form) {
        this.name = layer + ".kernel";
        this.stored = layer + ".0.1.weight";
        float[] numbers = new float[raw.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i + 1; // exact: there are fewer than 2^24
        }
        Tensor numbered = form.apply(Tensor.of(numbers, raw.shape()));
        this.sources = new int[numbered.size()];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = (int) numbered.data()[i];
        }
        this.made = Tensor.of(new float[sources.length], numbered.shape());
        this.gradient = Tensor.of(new float[sources.length], numbered.shape());
        take(raw);
    }

    private void take(Tensor raw) {
        for (int i = 0; i < sources.length; i++) {
            made.data()[i] = sources[i] == 0 ? 0 : raw.data()[sources[i] - 1];
        }
    }

    /** What the graph calls it. */
    String name() {
        return name;
    }

    Tensor made() {
        return made;
    }

    /** Takes the stored value as it is now. */
    void put(Map<String, Tensor> weights, Map<String, Tensor> forGraph) {
        take(weights.get(stored));
        forGraph.put(name, made);
        Arrays.fill(gradient.data(), 0);
    }

    /** What takes the gradient by it. */
    Tensor gradient() {
        return gradient;
    }

    /** Adds the gradient to that by the stored one. */
    void addGradient(Map<String, Tensor> byWeights) {
        float[] sum = byWeights.get(stored).data();
        for (int i = 0; i < sources.length; i++) {
            if (sources[i] > 0) {
                sum[sources[i] - 1] += gradient.data()[i];
            }
        }
    }
}
