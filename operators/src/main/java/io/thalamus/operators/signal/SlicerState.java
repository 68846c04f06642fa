/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;

/**
 * What a {@link FrameSlicer} keeps of one segment between two frames. Immutable.
 *
 * @param segment the segment
 * @param channels the channels' names
 * @param rate the sample rate
 * @param firstSequence the index, in the stream, of the segment's first sample
 * @param startNanos the time of that sample, in nanoseconds since the epoch
 * @param received samples of the segment that have been seen
 * @param windows windows that have been cut
 * @param pending {@code channels x n} samples: all that have been seen of the windows to come, one
 *     channel after the other. Not to be modified
 * @param quality for each of the {@code n} samples, the flags of the frame it came in. Not to be
 *     modified
 */
public record SlicerState(
        int segment,
        List<String> channels,
        SampleRate rate,
        long firstSequence,
        long startNanos,
        long received,
        long windows,
        float[] pending,
        int[] quality) {

    /** The state before the first frame of a segment. */
    public static SlicerState before(SignalFrame first) {
        return new SlicerState(
                first.segment(),
                first.channels(),
                first.rate(),
                first.sequence(),
                first.startNanos(),
                0,
                0,
                new float[0],
                new int[0]);
    }

    /** Whether a frame belongs to the same segment, and is of the same shape. */
    public boolean covers(SignalFrame frame) {
        return frame.isOf(segment, rate, channels);
    }
}
