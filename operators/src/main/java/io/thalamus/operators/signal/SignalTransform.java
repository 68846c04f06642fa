/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.SignalFrame;
import java.io.Serializable;
import java.util.function.Consumer;

/**
 * Frames in, frames out, with explicit state. The transform itself is immutable and shared by all
 * streams; what it remembers of one segment is a {@link TransformState}. Any cutting of a segment
 * into frames gives the same output bits.
 */
public interface SignalTransform extends Serializable {

    /**
     * The shape of the output for a given input.
     *
     * @throws io.thalamus.schemas.InvalidInputException if the transform cannot work on such a
     *     stream
     */
    StreamShape outputShape(StreamShape input);

    /** The state before the first frame of a segment. */
    TransformState start(StreamShape input);

    /** Takes the next frame of the segment, and hands on what it gives: none, one or several. */
    void apply(SignalFrame frame, TransformState state, Consumer<SignalFrame> out);
}
