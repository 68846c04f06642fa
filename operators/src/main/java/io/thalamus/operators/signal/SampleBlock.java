/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import java.util.Arrays;

/**
 * Consecutive samples of a stream in float64: the form in which transforms take and give them. The
 * value of channel {@code c} at sample {@code n} is {@code values()[n * channels + c]}, so that a
 * loop over channels is a loop over neighbours, which processors do several at a time. A block is
 * used again and again: it grows as it must, and in steady state allocates nothing.
 */
public final class SampleBlock {
    private final int channels;
    private int length;
    private double[] values = new double[0];
    private int quality;

    /** An empty block. */
    public SampleBlock(int channels) {
        if (channels < 1) {
            throw new IllegalArgumentException("a block has at least one channel, not " + channels);
        }
        this.channels = channels;
    }

    /** A block that holds {@code samples[channel][n]}. */
    public static SampleBlock of(double[][] samples) {
        SampleBlock block = new SampleBlock(samples.length);
        int length = samples[0].length;
        block.extend(length);
        for (int channel = 0; channel < samples.length; channel++) {
            if (samples[channel].length != length) {
                throw new IllegalArgumentException(
                        "channel %d has %d samples where the first has %d"
                                .formatted(channel, samples[channel].length, length));
            }
            for (int n = 0; n < length; n++) {
                block.values[n * samples.length + channel] = samples[channel][n];
            }
        }
        return block;
    }

    public int channels() {
        return channels;
    }

    /** Samples in each channel. */
    public int length() {
        return length;
    }

    /** The values, sample by sample; the array may be longer, and {@link #extend} replaces it. */
    public double[] values() {
        return values;
    }

    public double value(int channel, int sample) {
        return values[sample * channels + channel];
    }

    /** What is known against the samples: bits of {@link io.thalamus.schemas.Quality}. */
    public int quality() {
        return quality;
    }

    /** Adds to what is known against the samples. */
    public void mark(int bits) {
        quality |= bits;
    }

    /** Empties the block; its room stays. */
    public void clear() {
        length = 0;
        quality = 0;
    }

    /**
     * Makes room for further samples, whose values are undefined until they are set.
     *
     * @return the index in {@link #values()} of the first of them
     */
    public int extend(int samples) {
        int first = length * channels;
        int needed = Math.multiplyExact(Math.addExact(length, samples), channels);
        if (needed > values.length) {
            values = Arrays.copyOf(values, Math.max(needed, 2 * values.length));
        }
        length += samples;
        return first;
    }

    /** Appends the samples {@code [from, to)} of a block with as many channels. */
    public void append(SampleBlock other, int from, int to) {
        int at = extend(to - from);
        System.arraycopy(other.values, from * channels, values, at, (to - from) * channels);
    }

    /** A copy, one array a channel. */
    public double[][] toArrays() {
        double[][] samples = new double[channels][length];
        for (int channel = 0; channel < channels; channel++) {
            for (int n = 0; n < length; n++) {
                samples[channel][n] = values[n * channels + channel];
            }
        }
        return samples;
    }

    /** Appends a frame's samples, {@code channels x n} one channel after the other. */
    public void appendFrame(float[] samples) {
        int count = samples.length / channels;
        int at = extend(count);
        for (int channel = 0; channel < channels; channel++) {
            int from = channel * count;
            for (int n = 0; n < count; n++) {
                values[at + n * channels + channel] = samples[from + n];
            }
        }
    }

    /** The samples as a frame has them, each rounded once to float. */
    public float[] toFrame() {
        float[] samples = new float[channels * length];
        for (int channel = 0; channel < channels; channel++) {
            int to = channel * length;
            for (int n = 0; n < length; n++) {
                samples[to + n] = (float) values[n * channels + channel];
            }
        }
        return samples;
    }

    @Override
    public String toString() {
        return "SampleBlock[" + channels + " x " + length + "]";
    }
}
