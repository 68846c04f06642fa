/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.List;

/**
 * A whole recorded stream.
 *
 * @param channels the channels' names
 * @param startNanos the time of sample 0
 * @param rate the sample rate
 * @param values for each channel, one value a sample; NaN where it is missing or lost
 */
public record Series(List<String> channels, long startNanos, SampleRate rate, float[][] values) {
    private static final double NANOS = 1e9;

    /** The frames of one stream, in order. */
    public static Series of(List<SignalFrame> frames) {
        SignalFrame first = frames.get(0);
        SignalFrame last = frames.get(frames.size() - 1);
        int length = Math.toIntExact(last.nextSequence() - first.sequence());
        float[][] values = new float[first.channels().size()][length];
        for (float[] channel : values) {
            Arrays.fill(channel, Float.NaN);
        }
        for (SignalFrame frame : frames) {
            int at = (int) (frame.sequence() - first.sequence());
            for (int channel = 0; channel < values.length; channel++) {
                System.arraycopy(
                        frame.samples(),
                        channel * frame.length(),
                        values[channel],
                        at,
                        frame.length());
            }
        }
        return new Series(first.channels(), first.startNanos(), first.rate(), values);
    }

    /** Samples of each channel. */
    int length() {
        return values[0].length;
    }

    /** A value; NaN too for a sample outside the recording. */
    float value(int channel, long sample) {
        return sample < 0 || sample >= length() ? Float.NaN : values[channel][(int) sample];
    }

    /** The time of a sample in seconds since the epoch. */
    double seconds(long sample) {
        return (startNanos + rate.nanosOf(sample)) / NANOS;
    }
}
