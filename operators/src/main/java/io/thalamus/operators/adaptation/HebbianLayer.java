/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.Arrays;

/**
 * A linear layer or convolution whose weights learn by what its neurons see: a soft winner-take-all
 * Hebbian rule, without labels and without an error (equations 2.1 to 2.4 of SoftHebb with the
 * options of {@link HebbianRule}). Weights are {@code [neurons, patch]}. Holds the memory of one
 * computation and nothing else; used by one thread, and allocates only where a batch is larger than
 * any before.
 */
public final class HebbianLayer {
    /** Keeps a change of nothing from being divided by zero. */
    private static final double FLOOR = 1e-30;

    private final Patches patches;
    private final int neurons;
    private final HebbianRule rule;
    private final double[] patch;
    private final double[] norms;
    private final double[] change;
    private final double[] decay;
    private double[] responses = new double[0];
    private double[] shares = new double[0];

    public HebbianLayer(Patches patches, int neurons, HebbianRule rule) {
        this.patches = patches;
        this.neurons = neurons;
        this.rule = rule;
        patch = new double[patches.size()];
        norms = new double[neurons];
        change = new double[neurons * patches.size()];
        decay = new double[neurons];
    }

    /** The norm of each neuron's weights, as {@link HebbianRule.Target#SOURCE} wants it. */
    public static double[] norms(float[] weights, int neurons) {
        double[] norms = new double[neurons];
        norms(weights, norms);
        return norms;
    }

    private static void norms(float[] weights, double[] norms) {
        int size = weights.length / norms.length;
        for (int k = 0; k < norms.length; k++) {
            double squares = 0;
            for (int i = 0; i < size; i++) {
                squares += (double) weights[k * size + i] * weights[k * size + i];
            }
            norms[k] = Math.sqrt(squares);
        }
    }

    /**
     * What the neurons answer, {@code [samples, patches, neurons]}, without a bias. The array is
     * this layer's, may be longer, and holds until the next call.
     *
     * @param input samples {@code [channels, rows, columns]}, one after the other
     */
    public double[] respond(float[] weights, float[] input, int samples) {
        int count = samples * patches.perSample();
        if (responses.length < count * neurons) {
            responses = new double[count * neurons];
            shares = new double[count * neurons];
        }
        int size = patches.size();
        for (int n = 0; n < count; n++) {
            patches.read(input, n / patches.perSample(), n % patches.perSample(), patch);
            for (int k = 0; k < neurons; k++) {
                double sum = 0;
                for (int i = 0; i < size; i++) {
                    sum += weights[k * size + i] * patch[i];
                }
                responses[n * neurons + k] = sum;
            }
        }
        return responses;
    }

    /**
     * How the weights would change, at a rate of 1: the mean over all patches. The array is this
     * layer's and holds until the next call.
     *
     * @param sourceNorms of the weights in the bundle; read for {@link HebbianRule.Target#SOURCE}
     */
    public double[] change(float[] weights, double[] sourceNorms, float[] input, int samples) {
        respond(weights, input, samples);
        int count = samples * patches.perSample();
        int size = patches.size();
        norms(weights, norms);
        Arrays.fill(change, 0);
        Arrays.fill(decay, 0);
        for (int n = 0; n < count; n++) {
            int row = n * neurons;
            compete(row);
            patches.read(input, n / patches.perSample(), n % patches.perSample(), patch);
            for (int k = 0; k < neurons; k++) {
                double share = shares[row + k];
                decay[k] += share * responses[row + k];
                for (int i = 0; i < size; i++) {
                    change[k * size + i] += share * patch[i];
                }
            }
        }
        boolean source = rule.target() == HebbianRule.Target.SOURCE;
        for (int k = 0; k < neurons; k++) {
            double norm = source ? sourceNorms[k] : 1;
            for (int i = k * size; i < (k + 1) * size; i++) {
                change[i] =
                        norm == 0 ? 0 : (norm * change[i] - decay[k] * weights[i] / norm) / count;
            }
        }
        if (rule.scale() == HebbianRule.Scale.MAX_ABS) {
            double largest = 0;
            for (double value : change) {
                largest = Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < change.length; i++) {
                change[i] /= largest + FLOOR;
            }
        }
        return change;
    }

    /**
     * Shares one patch out among the neurons, less than nothing to those that learn away from it.
     * Of equal neurons the first wins.
     */
    private void compete(int row) {
        boolean unit = rule.competition() == HebbianRule.Competition.UNIT;
        int winner = 0;
        for (int k = 0; k < neurons; k++) {
            double strength = unit ? responses[row + k] / norms[k] : responses[row + k];
            shares[row + k] = strength / rule.temperature();
            if (shares[row + k] > shares[row + winner]) {
                winner = k;
            }
        }
        Softmax.apply(shares, row, neurons);
        if (rule.sign() == HebbianRule.Sign.SOFT_ANTI) {
            for (int k = 0; k < neurons; k++) {
                shares[row + k] *= k == winner ? 1 : -1;
            }
        }
    }

    /**
     * By how much each neuron won each patch in the last change, {@code [patches, neurons]};
     * negative where it learned away from it.
     */
    public double[] shares() {
        return shares;
    }
}
