/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream whose value at a sample and channel is a function of the two and its seed, so that any
 * stretch of it can be made, in any frames.
 *
 * @param missing the share of values that are missing
 */
public record TestStream(
        String id, long seed, long startNanos, SampleRate rate, int channels, double missing) {
    private static final long START = 1_700_000_000_000_000_000L;

    /** Two channels at 3 Hz, whose period is no whole number of nanoseconds; nothing missing. */
    public static TestStream of(String id) {
        return new TestStream(id, id.hashCode(), START, SampleRate.ofHertz(3), 2, 0);
    }

    public TestStream withMissing(double share) {
        return new TestStream(id, seed, startNanos, rate, channels, share);
    }

    public TestStream withChannels(int count) {
        return new TestStream(id, seed, startNanos, rate, count, missing);
    }

    public TestStream withRate(SampleRate other) {
        return new TestStream(id, seed, startNanos, other, channels, missing);
    }

    public TestStream startingAt(long nanos) {
        return new TestStream(id, seed, nanos, rate, channels, missing);
    }

    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            names.add("c" + channel);
        }
        return names;
    }

    public float value(int channel, long sample) {
        if (uniform(channel, sample, 1) < missing) {
            return Float.NaN;
        }
        return (float) (Math.sin(sample * 0.7 + channel) * 3 + uniform(channel, sample, 2));
    }

    /** The frame of the samples {@code [from, from + length)}. */
    public SignalFrame frame(long from, int length) {
        float[] samples = new float[channels * length];
        int quality = 0;
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < length; i++) {
                float value = value(channel, from + i);
                samples[channel * length + i] = value;
                quality |= Float.isNaN(value) ? Quality.MISSING.bit() : 0;
            }
        }
        return new SignalFrame(
                id, from, 0, startNanos + rate.nanosOf(from), rate, names(), samples, quality);
    }

    /** The samples {@code [from, to)} in frames of the given lengths, again and again. */
    public List<SignalFrame> frames(long from, long to, int... lengths) {
        List<SignalFrame> frames = new ArrayList<>();
        long at = from;
        for (int i = 0; at < to; i++) {
            int length = (int) Math.min(lengths[i % lengths.length], to - at);
            frames.add(frame(at, length));
            at += length;
        }
        return frames;
    }

    private double uniform(int channel, long sample, long salt) {
        long bits = seed * 0x9E3779B97F4A7C15L + channel * 0xBF58476D1CE4E5B9L + salt;
        bits = (bits ^ sample * 0x94D049BB133111EBL) * 0xD6E8FEB86659FD93L;
        bits = (bits ^ bits >>> 32) * 0xD6E8FEB86659FD93L;
        return (bits >>> 11) * 0x1p-53;
    }
}
