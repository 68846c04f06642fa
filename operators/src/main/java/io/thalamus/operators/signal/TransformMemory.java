/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.SignalFrame;

/**
 * What a {@link FrameTransform} keeps of one segment between two frames.
 *
 * @param streamId the stream
 * @param segment the segment
 * @param shape the shape of its frames
 * @param firstSequence the index, in the stream, of the segment's first sample
 * @param startNanos the time of that sample, in nanoseconds since the epoch
 * @param received samples of the segment that have been seen
 * @param given output samples that have been given
 * @param flagEnds up to which sample of the segment each of {@code flags} holds; in their order
 * @param flags what is known against the samples that have no output yet
 * @param state the transform's own memory, which it changes in place
 */
public record TransformMemory(
        String streamId,
        int segment,
        StreamShape shape,
        long firstSequence,
        long startNanos,
        long received,
        long given,
        long[] flagEnds,
        int[] flags,
        TransformState state) {

    /** Whether a frame belongs to the same segment, and is of the same shape. */
    public boolean covers(SignalFrame frame) {
        return frame.isOf(segment, shape.rate(), shape.channels());
    }

    TransformMemory at(long nowReceived, long nowGiven, long[] ends, int[] which) {
        return new TransformMemory(
                streamId,
                segment,
                shape,
                firstSequence,
                startNanos,
                nowReceived,
                nowGiven,
                ends,
                which,
                state);
    }
}
