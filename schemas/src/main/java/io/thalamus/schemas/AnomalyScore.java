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

    /**
     * The scores of a whole window; joint is their mean over the channels.
     *
     * @param byChannel {@code channels x length} scores
     */
    public static AnomalyScore of(SignalFrame window, float[] byChannel, String model) {
        int length = window.length();
        int channels = window.channels().size();
        float[] joint = new float[length];
        for (int t = 0; t < length; t++) {
            double sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += byChannel[channel * length + t];
            }
            joint[t] = (float) (sum / channels);
        }
        return new AnomalyScore(
                window.streamId(),
                window.sequence(),
                window.segment(),
                window.startNanos(),
                window.rate(),
                window.channels(),
                joint,
                byChannel,
                model);
    }

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
