/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import io.thalamus.schemas.SampleRate;
import java.io.Serializable;

/**
 * Decides which score of a stream is too high: one that exceeds the threshold. What a rule has
 * learned is the stream's, not the segment's: a gap does not make it learn anew. The threshold for
 * a score depends on the scores before it alone, in their order.
 */
public interface ThresholdRule extends Serializable {

    /**
     * What is known before the first score.
     *
     * @param rate the stream's rate, for what is given as a time
     */
    ThresholdState start(SampleRate rate);

    /** What the next score has to exceed; NaN, which nothing exceeds, while it is not known. */
    double threshold(ThresholdState state);

    /** Takes the next score into account, in place. A score that is no finite number is ignored. */
    void take(double score, ThresholdState state);
}
