/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Map;

/**
 * How a stream learns from its windows, applied in the stream's own order. Opened beside the model,
 * for the same thread, as it may run the network itself. It holds nothing of any stream: whatever
 * learning needs of the past lies in {@link FastWeights#memory}.
 */
public interface Plasticity extends AutoCloseable {

    /**
     * What else, besides what the stream knows, the network is to judge a window with, so that
     * learning can compare. From the same carried state, and of no effect on that.
     */
    default List<FastWeights> probes(FastWeights before, SignalFrame window) {
        return List.of();
    }

    /**
     * What the stream knows after a window, a pure function: the same arguments give the same bits.
     *
     * @param before what it knew when the window was inferred
     * @param window the input, as the model was given it
     * @param output what the model made of it
     * @param probed what it made of it with each of the {@link #probes}
     */
    Lesson learn(FastWeights before, SignalFrame window, float[] output, List<float[]> probed);

    /**
     * What the stream knows after a window that it is not to learn from, as it is frozen, or as the
     * end of a segment left the window short and it was filled up: what it knew, unless something
     * listens to all windows.
     */
    default FastWeights heard(FastWeights before, SignalFrame window, float[] output) {
        return before;
    }

    /**
     * What windows are to it. Guards that watch an error do nothing where none {@link Judge#judges
     * shows} it.
     */
    default Judge judge() {
        return Judge.BLIND;
    }

    /**
     * The bundle's weights that what is learned is a difference to, by the names of {@link
     * FastWeights#deltas}; a leash does not hold differences to others. Not to be modified.
     */
    default Map<String, float[]> source() {
        return Map.of();
    }

    /**
     * How what is learned is compared with the bundle's network.
     *
     * @param given by the guards
     */
    default ShadowScore shadow(ShadowScore given) {
        return given;
    }

    @Override
    default void close() {}
}
