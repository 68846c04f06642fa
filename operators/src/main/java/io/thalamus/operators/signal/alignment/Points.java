/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import java.util.Arrays;

/**
 * Consecutive samples of a member, its own or at points of the common clock. Immutable.
 *
 * @param first the number of the first: in its run, or among the clock's points since the epoch
 * @param values the channels' values, sample after sample; NaN is a missing one. Not to be modified
 * @param flags for each sample, what is known against it. Not to be modified
 */
public record Points(long first, float[] values, int[] flags) {

    static Points none(long first) {
        return new Points(first, new float[0], new int[0]);
    }

    /** The number of the sample after the last. */
    long end() {
        return first + flags.length;
    }

    /** With further samples. */
    Points and(float[] more, int[] moreFlags) {
        float[] allValues = Arrays.copyOf(values, values.length + more.length);
        int[] allFlags = Arrays.copyOf(flags, flags.length + moreFlags.length);
        System.arraycopy(more, 0, allValues, values.length, more.length);
        System.arraycopy(moreFlags, 0, allFlags, flags.length, moreFlags.length);
        return new Points(first, allValues, allFlags);
    }

    /** Without the samples before one. */
    Points from(long number) {
        int dropped = (int) Math.min(Math.max(number - first, 0), flags.length);
        if (dropped == 0) {
            return this;
        }
        int channels = values.length / flags.length;
        return new Points(
                first + dropped,
                Arrays.copyOfRange(values, dropped * channels, values.length),
                Arrays.copyOfRange(flags, dropped, flags.length));
    }
}
