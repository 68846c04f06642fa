/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

/**
 * All of a classifier that lies behind the layer that learns. Frozen: gradients go through it, but
 * it stays as it is.
 */
interface Readout {

    /** How many classes there are. */
    int classes();

    /**
     * The classes' logits.
     *
     * @param signal the modulated output of the layer, {@code [samples, patches, neurons]}
     * @param logits takes {@code [samples, classes]}
     */
    void logits(double[] signal, int samples, double[] logits);

    /**
     * The gradient of a loss by the signal of the last {@link #logits}.
     *
     * @param logitGradient of the loss by the logits
     * @param signalGradient takes the result
     */
    void backward(double[] logitGradient, int samples, double[] signalGradient);
}
