/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.Map;
import java.util.function.Function;

/**
 * A convolution or linear layer that learns with a temperature of 1, each neuron with the norm that
 * it has in the bundle as its goal.
 */
public final class HebbianConvolution implements PlasticLayer {
    private static final HebbianRule RULE =
            new HebbianRule(
                    1,
                    HebbianRule.Competition.RAW,
                    HebbianRule.Sign.SOFT,
                    HebbianRule.Target.SOURCE,
                    HebbianRule.Scale.NONE);

    private final String name;
    private final Map<String, float[]> source;
    private final double[] norms;
    private final HebbianLayer layer;
    private final Function<SignalFrame, float[]> input;

    /**
     * A layer.
     *
     * @param name of its weights
     * @param weights {@code [neurons, patch]}
     * @param input what the layer sees of a window, one sample of the patches
     */
    public HebbianConvolution(
            String name, float[] weights, Patches patches, Function<SignalFrame, float[]> input) {
        int neurons = weights.length / patches.size();
        this.name = name;
        this.source = Map.of(name, weights);
        this.norms = HebbianLayer.norms(weights, neurons);
        this.layer = new HebbianLayer(patches, neurons, RULE);
        this.input = input;
    }

    @Override
    public Map<String, float[]> source() {
        return source;
    }

    @Override
    public Map<String, double[]> change(Map<String, float[]> weights, SignalFrame window) {
        return Map.of(name, layer.change(weights.get(name), norms, input.apply(window), 1));
    }
}
