/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import java.util.Arrays;

/**
 * What {@link SampleChecks} keeps of a segment between two frames; changed in place.
 *
 * @param saturated for each channel, how many values in a row have reached the end of the range
 * @param flat for each channel, how many values in a row have stayed where they are; negative for
 *     values in a row that are missing
 * @param level for each channel, the first value of that run; NaN if there is none
 */
public record SampleRuns(int[] saturated, int[] flat, float[] level) {

    /** Runs that are longer count as this long. */
    private static final int LONGEST = Integer.MAX_VALUE - 1;

    /** Before the first sample of a segment. */
    public static SampleRuns of(int channels) {
        float[] level = new float[channels];
        Arrays.fill(level, Float.NaN);
        return new SampleRuns(new int[channels], new int[channels], level);
    }

    /** Ends every run of a channel. */
    void end(int channel) {
        saturated[channel] = 0;
        flat[channel] = 0;
        level[channel] = Float.NaN;
    }

    /** Takes a missing value; the length of the run. */
    int missing(int channel) {
        int before = Math.max(-flat[channel], 0);
        end(channel);
        flat[channel] = -next(before);
        return -flat[channel];
    }

    /** The length of the run that a channel is in; 0 before its first value. */
    int length(int channel) {
        return Math.max(saturated[channel], Math.abs(flat[channel]));
    }

    /** What the values of that run are. */
    SampleChecks.Failure kind(int channel) {
        if (saturated[channel] > 0) {
            return SampleChecks.Failure.SATURATED;
        }
        return flat[channel] < 0 ? SampleChecks.Failure.MISSING : SampleChecks.Failure.FLAT;
    }

    /** Takes a value at the end of the range; the length of the run. */
    int saturated(int channel) {
        flat[channel] = 0;
        level[channel] = Float.NaN;
        return saturated[channel] = next(saturated[channel]);
    }

    /** Takes a value within the range; the length of the run of those that stay where they are. */
    int flat(int channel, float value, double tolerance) {
        saturated[channel] = 0;
        if (Math.abs((double) value - level[channel]) <= tolerance) {
            return flat[channel] = next(flat[channel]);
        }
        level[channel] = value;
        return flat[channel] = 1;
    }

    private static int next(int run) {
        return Math.min(run, LONGEST - 1) + 1;
    }
}
