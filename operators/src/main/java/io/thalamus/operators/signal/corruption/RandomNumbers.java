/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.corruption;

/**
 * Random numbers that are the same on every machine: SplitMix64 (Steele, Lea, Flood, "Fast
 * Splittable Pseudorandom Number Generators", OOPSLA 2014), and Marsaglia's polar method for the
 * normal distribution.
 */
final class RandomNumbers {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1p-53;

    private long state;
    private double spare;
    private boolean hasSpare;

    /** Starts afresh. */
    void seed(long seed) {
        state = mix(seed);
        hasSpare = false;
    }

    /** Uniform in [0, 1). */
    double uniform() {
        state += GAMMA;
        return (mix(state) >>> 11) * UNIT;
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

    /** Spreads the bits of a number over all of another: the finaliser of SplitMix64. */
    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A number that depends on both. */
    static long mix(long value, long other) {
        return mix(mix(value + GAMMA) ^ (other + GAMMA));
    }
}
