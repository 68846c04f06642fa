/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.training;

import java.util.SplittableRandom;

/**
 * Random values for the weights that a training begins with; those of a weight depend on the seed
 * and its name alone.
 *
 * @param seed of all of them
 */
public record SeededValues(long seed) {

    private SplittableRandom random(String name) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() ^ name.hashCode());
    }

    /** Evenly spread between minus the bound and the bound. */
    public float[] uniform(String name, double bound, int size) {
        SplittableRandom random = random(name);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    /** By the formula of Box and Muller, in functions that give the same bits everywhere. */
    public float[] normal(String name, double deviation, int size) {
        SplittableRandom random = random(name);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
            double angle = 2 * Math.PI * random.nextDouble();
            values[i] = (float) (deviation * radius * StrictMath.cos(angle));
        }
        return values;
    }
}
