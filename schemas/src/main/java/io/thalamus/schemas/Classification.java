/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.util.Arrays;
import java.util.List;

/**
 * What a window is.
 *
 * @param streamId the stream
 * @param sequence the index, in the stream, of the window's first sample
 * @param segment the segment
 * @param startNanos the time of the window's first sample, in nanoseconds since the epoch
 * @param endNanos the time of the first sample after the window
 * @param label the most probable class
 * @param classes all classes
 * @param probabilities the probability of each class
 * @param model the bundle that made it
 */
public record Classification(
        String streamId,
        long sequence,
        int segment,
        long startNanos,
        long endNanos,
        String label,
        List<String> classes,
        float[] probabilities,
        String model)
        implements WireRecord {

    /** What a window is; of equally probable classes the first is the label. */
    public static Classification of(
            SignalFrame window, List<String> classes, float[] probabilities, String model) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            if (probabilities[i] > probabilities[best]) {
                best = i;
            }
        }
        return new Classification(
                window.streamId(),
                window.sequence(),
                window.segment(),
                window.startNanos(),
                window.endNanos(),
                classes.get(best),
                classes,
                probabilities,
                model);
    }

    /**
     * How undecided it is: the entropy of the probabilities in nats, from 0 to ln of the classes.
     */
    public double entropy() {
        double entropy = 0;
        for (float probability : probabilities) {
            if (probability > 0) {
                entropy -= probability * StrictMath.log(probability);
            }
        }
        return entropy;
    }

    @Override
    public String key() {
        return streamId;
    }

    @Override
    public long eventNanos() {
        return startNanos;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Classification that
                && streamId.equals(that.streamId)
                && sequence == that.sequence
                && segment == that.segment
                && startNanos == that.startNanos
                && endNanos == that.endNanos
                && label.equals(that.label)
                && classes.equals(that.classes)
                && Arrays.equals(probabilities, that.probabilities)
                && model.equals(that.model);
    }

    @Override
    public int hashCode() {
        return 31 * streamId.hashCode() + Long.hashCode(sequence);
    }
}
