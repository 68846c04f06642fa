/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * Numbers that look drawn by chance and follow from others alone, so that a replay has the same.
 */
public final class SplitMix {
    private SplitMix() {}

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
    public static long mixed(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
