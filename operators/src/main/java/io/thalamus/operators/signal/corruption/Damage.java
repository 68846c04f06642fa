/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.corruption;

/** What is done to one block of one channel. May hold working memory. */
@FunctionalInterface
interface Damage {

    /**
     * Changes a block in place.
     *
     * @param block NaN where a value is missing; it stays so
     * @param number of the block in its stream
     * @param random ready for this block
     */
    void apply(double[] block, long number, RandomNumbers random);
}
