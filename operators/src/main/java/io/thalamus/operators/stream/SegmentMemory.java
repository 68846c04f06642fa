/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.amplitude.SampleRuns;

/**
 * What the order step keeps of the samples of a segment between two frames. The arrays are changed
 * in place.
 *
 * @param last the last value of each channel, which a gap may be filled from
 * @param runs what the checks of the samples keep
 * @param correction what the correction of drift keeps; nothing if there is none
 * @param given samples that were given
 * @param flagEnds for each flag, up to which sample that came in it holds, counted from the
 *     segment's first
 */
public record SegmentMemory(
        float[] last, SampleRuns runs, TransformState correction, long given, long[] flagEnds) {

    SegmentMemory having(float[] nowLast, SampleRuns nowRuns) {
        return new SegmentMemory(nowLast, nowRuns, correction, given, flagEnds);
    }

    SegmentMemory giving(int samples) {
        return new SegmentMemory(last, runs, correction, given + samples, flagEnds);
    }
}
