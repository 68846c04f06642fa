/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.operators.signal.SplitMix;

/**
 * Random numbers that are the same bits on every machine and Java version: {@link SplitMix}, and
 * normal deviates by Box and Muller's formula in {@link StrictMath}.
 */
final class Noise {
    private long state;

    Noise(long seed) {
        state = seed;
    }

    /** Another sequence for each purpose, so that one that draws more does not shift another. */
    Noise branch(long number) {
        return new Noise(SplitMix.mixed(state ^ SplitMix.mixed(number + 1)));
    }

    private long next() {
        state += SplitMix.GAMMA;
        return SplitMix.mixed(state);
    }

    /** Uniform in [0, 1). */
    double uniform() {
        return SplitMix.unit(next());
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
