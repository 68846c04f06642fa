/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;

/**
 * How a stream learns from its windows, applied in the stream's own order. Opened beside the model,
 * for the same thread, as it may run the network itself. It holds nothing of any stream: whatever
 * learning needs of the past lies in {@link FastWeights#memory}.
 */
@FunctionalInterface
public interface Plasticity extends AutoCloseable {

    /**
     * What the stream knows after a window, a pure function: the same arguments give the same bits.
     *
     * @param before what it knew when the window was inferred
     * @param window the input, as the model was given it
     * @param output what the model made of it
     */
    Lesson learn(FastWeights before, SignalFrame window, float[] output);

    @Override
    default void close() {}
}
