/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.training;

import io.thalamus.operators.inference.Tensor;
import java.util.SplittableRandom;

/**
 * Leaves out a share of values by chance, and makes up for them with the others. What is left out
 * depends on the seed and the number of the step alone.
 */
public final class Dropout {
    private final double rate;
    private final long seed;
    private SplittableRandom random;

    /**
     * With a rate from 0 to less than 1.
     *
     * @param rate the share that is left out
     */
    public Dropout(double rate, long seed) {
        this.rate = rate;
        this.seed = new SplittableRandom(~seed).nextLong();
    }

    /** Begins a step. */
    public void start(long step) {
        random = new SplittableRandom(seed ^ step);
    }

    /** Fills a tensor with what to multiply values by: zeros, and what makes up for them. */
    public void draw(Tensor factors) {
        float kept = (float) (1 / (1 - rate));
        for (int i = 0; i < factors.size(); i++) {
            factors.data()[i] = random.nextDouble() < rate ? 0 : kept;
        }
    }
}
