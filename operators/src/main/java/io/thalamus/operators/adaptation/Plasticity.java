/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.io.Serializable;

/** How a stream learns from one window: a pure function, applied in the stream's own order. */
@FunctionalInterface
public interface Plasticity extends Serializable {

    /** A network that does not learn; the same object again after serialisation. */
    Plasticity FROZEN = Frozen.FROZEN;

    /**
     * What the stream knows after a window.
     *
     * @param before what it knew when the window was inferred
     * @param input the window, {@code channels x samples}
     * @param output what the model made of it
     */
    FastWeights learn(FastWeights before, float[] input, float[] output);

    /** The type of {@link #FROZEN}, an enum so that it stays one object when it is shipped. */
    enum Frozen implements Plasticity {
        FROZEN;

        @Override
        public FastWeights learn(FastWeights before, float[] input, float[] output) {
            return before;
        }
    }
}
