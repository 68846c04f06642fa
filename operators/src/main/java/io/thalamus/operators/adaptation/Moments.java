/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * What an optimiser remembers of one stream.
 *
 * @param steps taken
 * @param first running mean of each gradient; empty for an optimiser without memory, and at the
 *     start. Not to be modified
 * @param second running mean of its square
 */
public record Moments(long steps, double[] first, double[] second) {
    private static final Moments NONE = new Moments(0, new double[0], new double[0]);

    /** Before the first step. */
    public static Moments none() {
        return NONE;
    }
}
