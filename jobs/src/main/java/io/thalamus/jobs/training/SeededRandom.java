/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import java.util.Random;

/** Random choices that depend on what they are for alone, on every machine. */
final class SeededRandom {
    private SeededRandom() {}

    /** The same numbers give the same choices; others, however near, give unrelated ones. */
    static Random of(long... numbers) {
        long mixed = 0;
        for (long number : numbers) {
            // The finaliser of MurmurHash3, by which every bit has a say in every other.
            mixed = (mixed + number) * 0x9e3779b97f4a7c15L;
            mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
            mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
            mixed ^= mixed >>> 33;
        }
        return new Random(mixed);
    }
}
