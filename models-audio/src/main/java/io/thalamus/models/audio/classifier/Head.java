/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;

/**
 * The mean over time and the last, linear layer. In plain Java, as an engine's product of a matrix
 * with one row for each window depends on how many windows there are.
 */
final class Head {
    private final int channels;
    private final float[] weights;
    private final float[] bias;
    private final double[] slopes;
    private final Tensor gradient = Tensor.empty();

    Head(ClassifierConfig config, ModelBundle bundle, int channels) {
        BundleConfig layer = config.dense();
        String name = layer.text("name");
        int classes = config.classes().size();
        if (layer.integer("in", 1) != channels) {
            throw layer.wrong("in", "%d, the channels that it is given".formatted(channels));
        }
        if (layer.integer("out", 1) != classes) {
            throw layer.wrong("out", "%d, the number of classes".formatted(classes));
        }
        this.channels = channels;
        slopes = new double[channels];
        var stored = bundle.weights();
        weights = bundle.weight(stored, name + ".weight", classes, channels).data();
        bias =
                layer.flag("bias")
                        ? bundle.weight(stored, name + ".bias", classes).data()
                        : new float[classes];
    }

    int classes() {
        return bias.length;
    }

    /**
     * The logits of one window.
     *
     * @param maps {@code [windows, channels, 1, time]}
     * @param logits takes them, from its start
     */
    void logits(Tensor maps, int window, float[] logits) {
        int time = maps.dimension(3);
        int at = window * channels * time;
        double[] sums = new double[bias.length];
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int t = 0; t < time; t++) {
                sum += maps.data()[at + c * time + t];
            }
            for (int k = 0; k < bias.length; k++) {
                sums[k] += weights[k * channels + c] * (sum / time);
            }
        }
        for (int k = 0; k < bias.length; k++) {
            logits[k] = (float) (sums[k] + bias[k]);
        }
    }

    /**
     * The gradient of a loss by the maps.
     *
     * @param logitGradient of the loss by the logits, {@code [windows, classes]}
     * @param maps those that the logits came of; only their shape matters
     * @return of this shape, the head's own until the next call
     */
    Tensor backward(double[] logitGradient, Tensor maps) {
        int time = maps.dimension(3);
        gradient.reshape(maps.shape());
        for (int window = 0; window < maps.dimension(0); window++) {
            Arrays.fill(slopes, 0);
            for (int k = 0; k < bias.length; k++) {
                double slope = logitGradient[window * bias.length + k];
                for (int c = 0; c < channels; c++) {
                    slopes[c] += slope * weights[k * channels + c];
                }
            }
            for (int c = 0; c < channels; c++) {
                int from = (window * channels + c) * time;
                Arrays.fill(gradient.data(), from, from + time, (float) (slopes[c] / time));
            }
        }
        return gradient;
    }
}
