/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.Map;
import java.util.function.Function;

/** A {@link HebbianConvolution} of complex weights, whose parts have names of their own. */
public final class ComplexHebbianConvolution implements PlasticLayer {
    private final String real;
    private final String imaginary;
    private final Map<String, float[]> source;
    private final double[] norms;
    private final ComplexHebbianLayer layer;
    private final Function<SignalFrame, Sample> input;
    private final double[] patch;
    private float[][] seen = new float[2][0];

    /**
     * What the layer sees of a window.
     *
     * @param patches it is made of
     * @param re its real parts, {@code [channels, rows, columns]}
     * @param im its imaginary parts
     */
    public record Sample(Patches patches, float[] re, float[] im) {}

    /**
     * A layer.
     *
     * @param real the name of its weights' real parts
     * @param imaginary that of their imaginary parts
     * @param weights real and imaginary parts, {@code [neurons, patch]}
     * @param input what it sees of a window
     */
    public ComplexHebbianConvolution(
            String real,
            String imaginary,
            float[][] weights,
            int neurons,
            Function<SignalFrame, Sample> input) {
        int size = weights[0].length / neurons;
        this.real = real;
        this.imaginary = imaginary;
        this.source = Map.of(real, weights[0], imaginary, weights[1]);
        this.norms = ComplexHebbianLayer.norms(weights, neurons);
        this.layer = new ComplexHebbianLayer(size, neurons, 1, HebbianRule.Target.SOURCE);
        this.input = input;
        this.patch = new double[size];
    }

    @Override
    public Map<String, float[]> source() {
        return source;
    }

    @Override
    public Map<String, double[]> change(Map<String, float[]> weights, SignalFrame window) {
        Sample sample = input.apply(window);
        int count = sample.patches().perSample();
        if (seen[0].length < count * patch.length) {
            seen = new float[2][count * patch.length];
        }
        read(sample.patches(), sample.re(), seen[0]);
        read(sample.patches(), sample.im(), seen[1]);
        float[][] own = {weights.get(real), weights.get(imaginary)};
        double[][] change = layer.change(own, norms, seen, count);
        return Map.of(real, change[0], imaginary, change[1]);
    }

    private void read(Patches patches, float[] values, float[] into) {
        for (int index = 0; index < patches.perSample(); index++) {
            patches.read(values, 0, index, patch);
            for (int i = 0; i < patch.length; i++) {
                into[index * patch.length + i] = (float) patch[i];
            }
        }
    }
}
