/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

/**
 * What a {@link ThresholdRule} keeps of one stream. The rule alone knows the layout; it changes the
 * arrays in place, whose lengths never change.
 *
 * @param counters whole numbers, such as scores seen
 * @param figures what was reckoned from the scores, such as the threshold
 * @param highest the highest scores, or by how much they exceed a level
 * @param recent the last scores
 */
public record ThresholdState(long[] counters, double[] figures, double[] highest, double[] recent) {

    /** Bytes that the arrays hold. */
    public int bytes() {
        return Long.BYTES * counters.length
                + Double.BYTES * (figures.length + highest.length + recent.length);
    }
}
