/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.Tensor;

/** What the way back to channels takes of a batch: the projections of its subjects. */
final class BackInput {
    private final Projections projections;
    private final Tensor matrices = Tensor.empty();
    private final Tensor biases = Tensor.empty();

    BackInput(Projections projections) {
        this.projections = projections;
    }

    /** Puts in the projections of the subject of each signal. */
    void set(int... subjects) {
        int in = projections.inputs();
        int out = projections.outputs();
        matrices.reshape(subjects.length, out, in);
        biases.reshape(subjects.length, out, 1);
        for (int i = 0; i < subjects.length; i++) {
            float[] matrix = projections.matrices()[subjects[i]];
            System.arraycopy(matrix, 0, matrices.data(), i * out * in, out * in);
            System.arraycopy(projections.biases()[subjects[i]], 0, biases.data(), i * out, out);
        }
    }

    /** {@code [B, channels, width]}. */
    Tensor matrices() {
        return matrices;
    }

    /** {@code [B, channels, 1]}. */
    Tensor biases() {
        return biases;
    }
}
