/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import java.util.List;

/**
 * A layer between the first convolution and the mean over time. Maps are {@code [windows, channels,
 * 1, time]}; what a layer gives is its own until its next run, and it changes nothing that it is
 * given, so that the way back finds what was there on the way forth.
 */
interface Layer {

    /**
     * Makes it ready to run.
     *
     * @param learns whether it will be gone back through
     */
    default void open(GraphEngine engine, boolean learns) {}

    /**
     * Runs it.
     *
     * @param learned what the stream of each window has learned
     */
    Tensor forward(Tensor maps, List<FastWeights> learned);

    /**
     * The gradient of a loss by the maps of the last run.
     *
     * @param gradient by its result; may be changed, as the layer behind is done with it
     */
    Tensor backward(Tensor gradient);

    /** Closes what {@link #open} has made. */
    default void close() {}
}
