/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;

/**
 * What an {@link OverlapAdd} keeps of one segment between two windows. Immutable.
 *
 * @param streamId the stream
 * @param segment the segment
 * @param channels the channels' names
 * @param rate the sample rate
 * @param firstSequence the index, in the stream, of the first window's first sample
 * @param startNanos the time of that sample, in nanoseconds since the epoch
 * @param given up to which sample, counted from that one, nothing more can come
 * @param sums {@code channels x n} samples from there on, as far as windows cover them: the sum of
 *     the weighted windows, one channel after the other. Not to be modified
 * @param weights for each of the {@code n} samples, the sum of the weights; where only weights of
 *     zero have come, minus the number of windows, whose plain sum is held. Not to be modified
 * @param quality for each of the {@code n} samples, the flags of the windows in its sum. Not to be
 *     modified
 */
public record OverlapState(
        String streamId,
        int segment,
        List<String> channels,
        SampleRate rate,
        long firstSequence,
        long startNanos,
        long given,
        double[] sums,
        double[] weights,
        int[] quality) {

    /** The state before the first window of a segment. */
    public static OverlapState before(SignalFrame first) {
        return new OverlapState(
                first.streamId(),
                first.segment(),
                first.channels(),
                first.rate(),
                first.sequence(),
                first.startNanos(),
                0,
                new double[0],
                new double[0],
                new int[0]);
    }

    /** Whether a window belongs to the same segment, and is of the same shape. */
    public boolean covers(SignalFrame window) {
        return window.isOf(segment, rate, channels);
    }

    OverlapState with(long nowGiven, double[] nowSums, double[] nowWeights, int[] nowQuality) {
        return new OverlapState(
                streamId,
                segment,
                channels,
                rate,
                firstSequence,
                startNanos,
                nowGiven,
                nowSums,
                nowWeights,
                nowQuality);
    }
}
