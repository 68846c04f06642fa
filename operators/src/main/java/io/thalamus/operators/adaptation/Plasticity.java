/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.io.Serializable;

/** How a stream learns from one window: a pure function, applied in the stream's own order. */
@FunctionalInterface
public interface Plasticity extends Serializable {

    /** A network that does not learn. */
    Plasticity FROZEN = (before, input, output) -> before;

    /**
     * What the stream knows after a window.
     *
     * @param before what it knew when the window was inferred
     * @param input the window, {@code channels x samples}
     * @param output what the model made of it
     */
    FastWeights learn(FastWeights before, float[] input, float[] output);
}
