/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

/**
 * Random numbers that are the same bits on every machine and Java version: SplitMix64 (Steele, Lea,
 * Flood 2014), and normal deviates by Box and Muller's formula in {@link StrictMath}.
 */
final class Noise {
    private static final double UNIT = 0x1p-53;

    private long state;

    Noise(long seed) {
        state = seed;
    }

    /** Another sequence for each purpose, so that one that draws more does not shift another. */
    Noise branch(long number) {
        return new Noise(mix(state ^ mix(number + 1)));
    }

    private long next() {
        state += 0x9E3779B97F4A7C15L;
        return mix(state);
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Uniform in [0, 1). */
    double uniform() {
        return (next() >>> 11) * UNIT;
    }

    /** Normal, with mean 0 and deviation 1. */
    double normal() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
        return radius * StrictMath.cos(2 * StrictMath.PI * uniform());
    }

    /** Whole, from {@code low} to {@code high}. */
    int between(int low, int high) {
        return low + (int) (uniform() * (high - low + 1));
    }
}
