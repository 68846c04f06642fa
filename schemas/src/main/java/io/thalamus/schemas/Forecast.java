/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.util.Arrays;
import java.util.List;

/**
 * The values that a model expects after one window.
 *
 * @param streamId the stream
 * @param sequence the index, in the stream, of the first forecast sample
 * @param segment the segment of the window that was forecast from
 * @param startNanos the time of the first forecast sample, in nanoseconds since the epoch
 * @param rate the sample rate
 * @param channels the channels' names
 * @param values {@code channels x horizon} values, one channel after the other
 * @param model the bundle that made it
 */
public record Forecast(
        String streamId,
        long sequence,
        int segment,
        long startNanos,
        SampleRate rate,
        List<String> channels,
        float[] values,
        String model)
        implements WireRecord {

    /**
     * The forecast of what follows a window.
     *
     * @param values {@code channels x horizon} values
     */
    public static Forecast after(SignalFrame window, float[] values, String model) {
        return new Forecast(
                window.streamId(),
                window.nextSequence(),
                window.segment(),
                window.endNanos(),
                window.rate(),
                window.channels(),
                values,
                model);
    }

    /** Forecast samples in each channel. */
    public int horizon() {
        return values.length / channels.size();
    }

    public Forecast withValues(float[] replacement) {
        return new Forecast(
                streamId, sequence, segment, startNanos, rate, channels, replacement, model);
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
        return other instanceof Forecast that
                && streamId.equals(that.streamId)
                && sequence == that.sequence
                && segment == that.segment
                && startNanos == that.startNanos
                && rate.equals(that.rate)
                && channels.equals(that.channels)
                && Arrays.equals(values, that.values)
                && model.equals(that.model);
    }

    @Override
    public int hashCode() {
        return 31 * streamId.hashCode() + Long.hashCode(sequence);
    }
}
