/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.Arrays;

/**
 * The Hebbian rule for complex weights: neurons compete by the magnitude of their response {@code u
 * = sum W x}, and learn towards the conjugate of the input, turned by the phase of the response. So
 * that a rotation of the input by a common phase changes nothing but the phase of the change.
 * Arrays are real and imaginary part, {@code [neurons, inputs]} and {@code [patches, inputs]}. Used
 * by one thread, and allocates only where a batch is larger than any before.
 */
public final class ComplexHebbianLayer {
    /** Below this magnitude a response has no phase. */
    private static final double NO_PHASE = 1e-12;

    private final int inputs;
    private final int neurons;
    private final double temperature;
    private final HebbianRule.Target target;
    private final double[] decay;
    private final double[][] change;
    private double[][] responses = new double[2][0];
    private double[] shares = new double[0];

    public ComplexHebbianLayer(
            int inputs, int neurons, double temperature, HebbianRule.Target target) {
        this.inputs = inputs;
        this.neurons = neurons;
        this.temperature = temperature;
        this.target = target;
        decay = new double[neurons];
        change = new double[2][neurons * inputs];
    }

    /** The norm of each neuron's weights. */
    public static double[] norms(float[][] weights, int neurons) {
        int size = weights[0].length / neurons;
        double[] norms = new double[neurons];
        for (int k = 0; k < neurons; k++) {
            for (int i = k * size; i < (k + 1) * size; i++) {
                norms[k] += (double) weights[0][i] * weights[0][i];
                norms[k] += (double) weights[1][i] * weights[1][i];
            }
            norms[k] = Math.sqrt(norms[k]);
        }
        return norms;
    }

    /**
     * How the weights would change, at a rate of 1: the mean over all patches; real and imaginary
     * part. The arrays are this layer's and hold until the next call.
     *
     * @param sourceNorms of the weights in the bundle; read for {@link HebbianRule.Target#SOURCE}
     */
    public double[][] change(
            float[][] weights, double[] sourceNorms, float[][] patches, int count) {
        if (shares.length < count * neurons) {
            responses = new double[2][count * neurons];
            shares = new double[count * neurons];
        }
        Arrays.fill(change[0], 0);
        Arrays.fill(change[1], 0);
        Arrays.fill(decay, 0);
        for (int n = 0; n < count; n++) {
            respond(weights, patches, n);
            Softmax.apply(shares, n * neurons, neurons);
            for (int k = 0; k < neurons; k++) {
                learn(patches, n, k);
            }
        }
        for (int k = 0; k < neurons; k++) {
            double norm = target == HebbianRule.Target.SOURCE ? sourceNorms[k] : 1;
            for (int i = k * inputs; i < (k + 1) * inputs; i++) {
                change[0][i] = drawn(norm, change[0][i], decay[k] * weights[0][i]) / count;
                change[1][i] = drawn(norm, change[1][i], decay[k] * weights[1][i]) / count;
            }
        }
        return change;
    }

    /** A filter that has no norm in the bundle is no filter, and stays none. */
    private static double drawn(double norm, double seen, double decay) {
        return norm == 0 ? 0 : norm * seen - decay / norm;
    }

    private void respond(float[][] weights, float[][] patches, int n) {
        for (int k = 0; k < neurons; k++) {
            double re = 0;
            double im = 0;
            for (int i = 0; i < inputs; i++) {
                double wRe = weights[0][k * inputs + i];
                double wIm = weights[1][k * inputs + i];
                double xRe = patches[0][n * inputs + i];
                double xIm = patches[1][n * inputs + i];
                re += wRe * xRe - wIm * xIm;
                im += wRe * xIm + wIm * xRe;
            }
            responses[0][n * neurons + k] = re;
            responses[1][n * neurons + k] = im;
            shares[n * neurons + k] = magnitude(re, im) / temperature;
        }
    }

    private void learn(float[][] patches, int n, int k) {
        double re = responses[0][n * neurons + k];
        double im = responses[1][n * neurons + k];
        double magnitude = magnitude(re, im);
        boolean phase = magnitude > NO_PHASE;
        double share = shares[n * neurons + k];
        double cos = share * (phase ? re / magnitude : 1);
        double sin = share * (phase ? im / magnitude : 0);
        decay[k] += share * magnitude;
        for (int i = 0; i < inputs; i++) {
            double xRe = patches[0][n * inputs + i];
            double xIm = patches[1][n * inputs + i];
            change[0][k * inputs + i] += cos * xRe + sin * xIm;
            change[1][k * inputs + i] += sin * xRe - cos * xIm;
        }
    }

    private static double magnitude(double re, double im) {
        return Math.sqrt(re * re + im * im);
    }

    /** What the neurons answered in the last change, {@code [patches, neurons]}. */
    public double[][] responses() {
        return responses;
    }

    /** By how much each neuron won each patch in the last change, {@code [patches, neurons]}. */
    public double[] shares() {
        return shares;
    }
}
