/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.TransformState;

/** What {@link OverlappingBlocks} do to each block between taking it out and putting it back. */
interface BlockChange {

    /** What is remembered of a segment from block to block, before the first one. */
    TransformState start();

    /**
     * Changes a block.
     *
     * @param block the tapered samples, all finite; changed in place
     * @param channel which channel it is of
     * @param state what is remembered, changed in place; its arrays may be longer than those that
     *     {@link #start} gave, and what lies behind them is left as it is
     */
    void change(double[] block, int channel, TransformState state);
}
