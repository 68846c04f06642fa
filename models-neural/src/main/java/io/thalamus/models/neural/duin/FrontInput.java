/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;

/** What the front end takes of a batch: the signals, and the projections of their subjects. */
final class FrontInput {
    private final Projections projections;
    private final Tensor signals = Tensor.empty();
    private final Tensor matrices = Tensor.empty();

    FrontInput(Projections projections) {
        this.projections = projections;
    }

    /** Makes room. */
    void resize(int batch, int length) {
        int rows = projections.inputs() + 1;
        signals.reshape(batch, rows, length);
        matrices.reshape(batch, projections.outputs(), rows);
    }

    /**
     * Puts in one signal. What is missing or infinite counts as 0, the mean of a standardised
     * channel, as a channel does that a subject does not have.
     *
     * @param samples channels by samples
     */
    void set(int index, float[] samples, int subject) {
        int length = signals.dimension(2);
        int at = index * signals.dimension(1) * length;
        for (int i = 0; i < samples.length; i++) {
            signals.data()[at + i] = Float.isFinite(samples[i]) ? samples[i] : 0;
        }
        int ones = at + samples.length;
        Arrays.fill(signals.data(), ones, ones + length, 1);
        projections.putWithBias(
                subject, matrices.data(), index * matrices.dimension(1) * matrices.dimension(2));
    }

    /** The first signal by its projection, {@code [width, samples]}. */
    void project(float[] into) {
        int rows = signals.dimension(1);
        int length = signals.dimension(2);
        Arrays.fill(into, 0);
        for (int o = 0; o < matrices.dimension(1); o++) {
            for (int i = 0; i < rows; i++) {
                float factor = matrices.data()[o * rows + i];
                for (int t = 0; t < length; t++) {
                    into[o * length + t] += factor * signals.data()[i * length + t];
                }
            }
        }
    }

    /** The signals and a channel of ones, {@code [B, channels + 1, samples]}. */
    Tensor signals() {
        return signals;
    }

    /** The projections with their biases, {@code [B, width, channels + 1]}. */
    Tensor matrices() {
        return matrices;
    }
}
