/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import io.thalamus.schemas.SampleRate;

/**
 * What a {@link Grid} keeps of one segment between two readings. Immutable.
 *
 * @param first the number of the segment's first point, counted from the epoch
 * @param startNanos the time of that point, in nanoseconds since the epoch
 * @param given points that have been given
 * @param lastNanos the time of the last reading; until the first one, just before it
 * @param valueNanos for each channel, the time of its last value. Not to be modified
 * @param values for each channel, its last value; NaN if it had none. Not to be modified
 * @param pending the points after those given, up to the last reading, {@code channel} by channel
 *     and point after point; NaN where a channel waits for a value. Not to be modified
 */
public record GridState(
        long first,
        long startNanos,
        long given,
        long lastNanos,
        long[] valueNanos,
        double[] values,
        double[] pending) {

    GridState given(long count, double[] rest) {
        return new GridState(first, startNanos, count, lastNanos, valueNanos, values, rest);
    }

    /** The time of the segment's n-th point, counted from 0. */
    public long timeOf(long point, SampleRate rate) {
        return startNanos + rate.nanosOf(point);
    }
}
