/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.util.Arrays;
import java.util.List;

/**
 * How unusual each sample of a window is.
 *
 * @param streamId the stream
 * @param sequence the index, in the stream, of the first scored sample
 * @param segment the segment
 * @param startNanos the time of the first scored sample, in nanoseconds since the epoch
 * @param rate the sample rate
 * @param channels the channels' names
 * @param joint one score a sample, over all channels
 * @param byChannel {@code channels x samples} scores, one channel after the other
 * @param model the bundle that made it
 */
public record AnomalyScore(
        String streamId,
        long sequence,
        int segment,
        long startNanos,
        SampleRate rate,
        List<String> channels,
        float[] joint,
        float[] byChannel,
        String model)
        implements WireRecord {

    @Override
    public String key() {
        return streamId;
    }

    @Override
    public long eventNanos() {
        return startNanos;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AnomalyScore that
                && streamId.equals(that.streamId)
                && sequence == that.sequence
                && segment == that.segment
                && startNanos == that.startNanos
                && rate.equals(that.rate)
                && channels.equals(that.channels)
                && Arrays.equals(joint, that.joint)
                && Arrays.equals(byChannel, that.byChannel)
                && model.equals(that.model);
    }

    @Override
    public int hashCode() {
        return 31 * streamId.hashCode() + Long.hashCode(sequence);
    }
}
