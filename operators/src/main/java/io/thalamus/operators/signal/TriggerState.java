/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.SignalFrame;

/**
 * What a {@link TriggerSlicer} keeps of one segment between two frames. Immutable.
 *
 * @param samples those of the signal that windows may still need
 * @param open where the windows start that have been triggered and are not complete, counted from
 *     the segment's first sample; not to be modified
 * @param level of the trigger: 1 if it was high at last, 0 if it was low, -1 before its first value
 */
public record TriggerState(SlicerState samples, long[] open, int level) {
    static final int UNKNOWN = -1;
    static final int LOW = 0;
    static final int HIGH = 1;

    /**
     * The state before the first frame of a segment.
     *
     * @param first the frame without the trigger
     */
    public static TriggerState before(SignalFrame first) {
        return new TriggerState(SlicerState.before(first), new long[0], UNKNOWN);
    }

    /** Whether a frame belongs to the same segment, and is of the same shape. */
    public boolean covers(SignalFrame frame, Trigger trigger) {
        return frame.channels().contains(trigger.channel())
                && frame.isOf(samples.segment(), samples.rate(), frame.channels())
                && trigger.without(StreamShape.of(frame)).channels().equals(samples.channels());
    }
}
