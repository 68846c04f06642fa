/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A block of consecutive samples of one stream: the only record that signals travel in. A window is
 * a frame too, of fixed length.
 *
 * @param streamId the stream, and the key of all its state
 * @param sequence the index of the frame's first sample, counted from the start of the stream: the
 *     next frame of an unbroken stream has {@code sequence + length()}
 * @param segment the unbroken stretch of the stream that the samples belong to; state starts afresh
 *     with each
 * @param startNanos the time of the first sample, in nanoseconds since the epoch
 * @param rate the sample rate
 * @param channels the channels' names
 * @param samples {@code channels x length} values, one channel after the other; NaN is a missing
 *     value. Not to be modified
 * @param quality what is known against the samples: bits of {@link Quality}
 */
public record SignalFrame(
        String streamId,
        long sequence,
        int segment,
        long startNanos,
        SampleRate rate,
        List<String> channels,
        float[] samples,
        int quality)
        implements WireRecord {

    public SignalFrame {
        if (channels == null || channels.isEmpty()) {
            throw new IllegalArgumentException("frame of stream " + streamId + " has no channels");
        }
        if (samples == null || samples.length == 0 || samples.length % channels.size() != 0) {
            throw new IllegalArgumentException(
                    "frame of stream "
                            + streamId
                            + " has "
                            + (samples == null ? 0 : samples.length)
                            + " values, which is no positive multiple of its "
                            + channels.size()
                            + " channels");
        }
    }

    /** Samples in each channel. */
    public int length() {
        return samples.length / channels.size();
    }

    public float sample(int channel, int index) {
        return samples[channel * length() + index];
    }

    /** The sequence number that the next frame of an unbroken stream has. */
    public long nextSequence() {
        return sequence + length();
    }

    /** The time of the first sample after this frame. */
    public long endNanos() {
        return startNanos + rate.nanosOf(length());
    }

    /** Whether this is a frame of a segment with this rate and these channels. */
    public boolean isOf(int otherSegment, SampleRate otherRate, List<String> otherChannels) {
        return segment == otherSegment && rate.equals(otherRate) && channels.equals(otherChannels);
    }

    /** The samples {@code [from, to)} of this frame, counted from its first. */
    public SignalFrame slice(int from, int to) {
        int length = length();
        if (from == 0 && to == length) {
            return this;
        }
        int kept = to - from;
        float[] part = new float[channels.size() * kept];
        for (int channel = 0; channel < channels.size(); channel++) {
            System.arraycopy(samples, channel * length + from, part, channel * kept, kept);
        }
        return new SignalFrame(
                streamId,
                sequence + from,
                segment,
                startNanos + rate.nanosOf(from),
                rate,
                channels,
                part,
                quality);
    }

    /** The samples before one of the stream; empty if there are none. */
    public Optional<SignalFrame> until(long end) {
        int kept = (int) Math.min(length(), end - sequence);
        return kept > 0 ? Optional.of(slice(0, kept)) : Optional.empty();
    }

    /** The same frame with other samples, of the same length. */
    public SignalFrame withSamples(float[] replacement, int quality) {
        return new SignalFrame(
                streamId, sequence, segment, startNanos, rate, channels, replacement, quality);
    }

    /**
     * The same frame with each missing value (NaN) taken from elsewhere; the others stay as they
     * are. {@link Quality#FILLED} is set if there were any.
     *
     * @param values {@code channels x length}, none of them NaN
     */
    public SignalFrame filledFrom(float[] values) {
        float[] filled = samples.clone();
        int flags = quality & ~Quality.MISSING.bit();
        for (int i = 0; i < filled.length; i++) {
            if (Float.isNaN(filled[i])) {
                filled[i] = values[i];
                flags |= Quality.FILLED.bit();
            }
        }
        return withSamples(filled, flags);
    }

    /**
     * How far each value is from another, squared; NaN where it is missing.
     *
     * @param values {@code channels x length}
     */
    public float[] squaredErrors(float[] values) {
        float[] errors = new float[samples.length];
        for (int i = 0; i < errors.length; i++) {
            double error = (double) samples[i] - values[i];
            errors[i] = (float) Math.min(error * error, Float.MAX_VALUE);
        }
        return errors;
    }

    /** The same frame as one of another stream. */
    public SignalFrame withStreamId(String other) {
        return new SignalFrame(
                other, sequence, segment, startNanos, rate, channels, samples, quality);
    }

    public SignalFrame withSequence(long other) {
        return new SignalFrame(
                streamId, other, segment, startNanos, rate, channels, samples, quality);
    }

    public SignalFrame withSegment(int other) {
        return new SignalFrame(
                streamId, sequence, other, startNanos, rate, channels, samples, quality);
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
        return other instanceof SignalFrame that
                && streamId.equals(that.streamId)
                && sequence == that.sequence
                && segment == that.segment
                && startNanos == that.startNanos
                && rate.equals(that.rate)
                && channels.equals(that.channels)
                && Arrays.equals(samples, that.samples)
                && quality == that.quality;
    }

    @Override
    public int hashCode() {
        return 31 * streamId.hashCode() + Long.hashCode(sequence);
    }

    @Override
    public String toString() {
        return "SignalFrame["
                + streamId
                + " "
                + sequence
                + "+"
                + length()
                + " segment "
                + segment
                + " at "
                + startNanos
                + " ns, "
                + rate
                + ", "
                + channels
                + (quality == 0 ? "" : ", quality " + quality)
                + "]";
    }
}
