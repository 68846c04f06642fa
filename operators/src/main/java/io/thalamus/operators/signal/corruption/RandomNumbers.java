/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.corruption;

import io.thalamus.operators.signal.SplitMix;

/**
 * Random numbers that are the same on every machine: {@link SplitMix}, and Marsaglia's polar method
 * for the normal distribution.
 */
final class RandomNumbers {
    private long state;
    private double spare;
    private boolean hasSpare;

    /** Starts afresh. */
    void seed(long seed) {
        state = SplitMix.mixed(seed);
        hasSpare = false;
    }

    /** Uniform in [0, 1). */
    double uniform() {
        state += SplitMix.GAMMA;
        return SplitMix.unit(SplitMix.mixed(state));
    }

    /** Of mean 0 and deviation 1. */
    double gaussian() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        while (true) {
            double x = 2 * uniform() - 1;
            double y = 2 * uniform() - 1;
            double square = x * x + y * y;
            if (square > 0 && square < 1) {
                double scale = Math.sqrt(-2 * StrictMath.log(square) / square);
                spare = scale * y;
                hasSpare = true;
                return scale * x;
            }
        }
    }

    /** A number that depends on both. */
    static long mix(long value, long other) {
        return SplitMix.mixed(SplitMix.mixed(value + SplitMix.GAMMA) ^ (other + SplitMix.GAMMA));
    }
}
