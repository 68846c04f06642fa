/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.Tensor;

/**
 * The projections between the channels of each subject and what all subjects share.
 *
 * @param matrices of each subject, {@code [out, in]}
 * @param biases of each subject, {@code [out]}
 */
record Projections(float[][] matrices, float[][] biases) {

    /** From channels to features. */
    static Projections in(DuinConfig config, DuinWeights weights) {
        return of(
                "subj_block", config.channels(), config.width(), config.biased(), config, weights);
    }

    /** From features to channels. */
    static Projections back(DuinConfig config, DuinWeights weights) {
        return of(
                "desubj_block",
                config.width(),
                config.channels(),
                config.backBiased(),
                config,
                weights);
    }

    private static Projections of(
            String block, int in, int out, boolean biased, DuinConfig config, DuinWeights weights) {
        int subjects = config.subjects();
        Tensor stored = weights.weight(block + ".subj_layer.W.weight", in * out, subjects);
        float[][] matrices = new float[subjects][in * out];
        float[][] biases = new float[subjects][out];
        for (int subject = 0; subject < subjects; subject++) {
            for (int i = 0; i < in; i++) {
                for (int o = 0; o < out; o++) {
                    matrices[subject][o * in + i] =
                            stored.data()[(i * out + o) * subjects + subject];
                }
            }
        }
        if (biased) {
            Tensor bias = weights.weight(block + ".subj_layer.B.weight", out, subjects);
            for (int subject = 0; subject < subjects; subject++) {
                for (int o = 0; o < out; o++) {
                    biases[subject][o] = bias.data()[o * subjects + subject];
                }
            }
        }
        return new Projections(matrices, biases);
    }

    /**
     * Adds gradients by a signal's matrix and bias to those by the stored weights.
     *
     * @param matrix from where on {@code [out, in]} lies, row by row
     * @param row from one row to the next
     * @param bias from where on {@code [out]} lies
     * @param step from one bias to the next
     */
    void addGradients(
            int subject,
            float[] from,
            int matrix,
            int row,
            float[] biasFrom,
            int bias,
            int step,
            Tensor byMatrices,
            Tensor byBiases) {
        int subjects = subjects();
        int out = outputs();
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < inputs(); i++) {
                byMatrices.data()[(i * out + o) * subjects + subject] += from[matrix + o * row + i];
            }
            if (byBiases != null) {
                byBiases.data()[o * subjects + subject] += biasFrom[bias + o * step];
            }
        }
    }

    int subjects() {
        return matrices.length;
    }

    int outputs() {
        return biases[0].length;
    }

    int inputs() {
        return matrices[0].length / outputs();
    }

    /** Writes a subject's matrix with its bias as the last column. */
    void putWithBias(int subject, float[] to, int at) {
        int in = inputs();
        for (int o = 0; o < outputs(); o++) {
            int row = at + o * (in + 1);
            System.arraycopy(matrices[subject], o * in, to, row, in);
            to[row + in] = biases[subject][o];
        }
    }
}
