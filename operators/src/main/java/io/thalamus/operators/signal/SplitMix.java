/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

/**
 * Numbers that look drawn by chance and follow from others alone, the same on every machine, so
 * that a replay has them again: SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom
 * Number Generators", OOPSLA 2014).
 */
public final class SplitMix {
    /** By how much a generator's state goes on from one number to the next. */
    public static final long GAMMA = 0x9E3779B97F4A7C15L;

    private static final double UNIT = 0x1p-53;

    private SplitMix() {}

    /** Spreads the bits of a number over all of another. */
    public static long mixed(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A number in [0, 1) that follows from the bits of another. */
    public static double unit(long mixed) {
        return (mixed >>> 11) * UNIT;
    }
}
