/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.SampleRate;

/**
 * What a {@link Detection} keeps of one stream. Immutable, but for the arrays of the threshold.
 *
 * @param rule the rule that made the threshold, in words
 * @param threshold what the rule has learned
 * @param segment the current segment
 * @param rate its rate
 * @param firstSequence the index, in the stream, of its first score
 * @param startNanos the time of that score's sample, in nanoseconds since the epoch
 * @param nextSequence the index after that of the last score
 * @param event the event that lasts; null if none does
 */
public record DetectionState(
        String rule,
        ThresholdState threshold,
        int segment,
        SampleRate rate,
        long firstSequence,
        long startNanos,
        long nextSequence,
        OpenEvent event) {

    /** Before the first score of a segment, with what was learned in those before. */
    static DetectionState before(AnomalyScore first, String rule, ThresholdState threshold) {
        return new DetectionState(
                rule,
                threshold,
                first.segment(),
                first.rate(),
                first.sequence(),
                first.startNanos(),
                first.sequence(),
                null);
    }

    boolean covers(AnomalyScore score) {
        return segment == score.segment() && rate.equals(score.rate());
    }

    /** The time of a sample by the segment's own clock, from whatever record it is reached. */
    long nanosOf(long sequence) {
        return startNanos + rate.nanosOf(sequence - firstSequence);
    }

    DetectionState after(long sequence, OpenEvent nowOpen) {
        return new DetectionState(
                rule, threshold, segment, rate, firstSequence, startNanos, sequence, nowOpen);
    }
}
