/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.Map;
import java.util.Optional;

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

    /**
     * How the network seems to do at a window.
     *
     * @param before what the stream knew when the window was inferred
     * @param output what the model made of it
     * @return empty if the window does not show it; guards that watch an error then do nothing
     */
    default Optional<Feedback> feedback(FastWeights before, SignalFrame window, float[] output) {
        return Optional.empty();
    }

    /**
     * The bundle's weights that what is learned is a difference to, by the names of {@link
     * FastWeights#deltas}; a leash does not hold differences to others. Not to be modified.
     */
    default Map<String, float[]> source() {
        return Map.of();
    }

    @Override
    default void close() {}
}
