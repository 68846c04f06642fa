/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.CaseTensor;

/** The rest of the reference's small network: ReLU, mean over time, a linear layer. */
final class MeanReadout implements Readout {
    private final double[] weights;
    private final double[] bias;
    private final int neurons;
    private final int patches;
    private double[] active = new double[0];

    MeanReadout(CaseTensor weights, CaseTensor bias, int patches) {
        this.weights = weights.values();
        this.bias = bias.values();
        this.neurons = weights.shape()[1];
        this.patches = patches;
    }

    @Override
    public int classes() {
        return bias.length;
    }

    @Override
    public void logits(double[] signal, int samples, double[] logits) {
        active = signal.clone();
        for (int sample = 0; sample < samples; sample++) {
            for (int c = 0; c < bias.length; c++) {
                double sum = bias[c];
                for (int i = 0; i < patches * neurons; i++) {
                    double value = Math.max(0, signal[sample * patches * neurons + i]);
                    sum += weights[c * neurons + i % neurons] * value / patches;
                }
                logits[sample * bias.length + c] = sum;
            }
        }
    }

    @Override
    public void backward(double[] logitGradient, int samples, double[] signalGradient) {
        for (int i = 0; i < samples * patches * neurons; i++) {
            double sum = 0;
            if (active[i] > 0) {
                int sample = i / (patches * neurons);
                for (int c = 0; c < bias.length; c++) {
                    sum +=
                            logitGradient[sample * bias.length + c]
                                    * weights[c * neurons + i % neurons];
                }
            }
            signalGradient[i] = sum / patches;
        }
    }
}
