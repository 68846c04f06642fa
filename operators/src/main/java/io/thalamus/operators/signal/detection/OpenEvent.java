/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import io.thalamus.schemas.AnomalyScore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An event that has begun. Immutable.
 *
 * @param first the index, in the stream, of the first sample above the threshold
 * @param lastAbove that of the last one so far
 * @param told whether its start has been told of
 * @param peak the largest score so far
 * @param threshold the threshold that the first score exceeded
 * @param channels the channels' names
 * @param shares for each channel, the sum of its scores at the samples above. Not to be modified
 * @param model the bundle that made the scores
 */
public record OpenEvent(
        long first,
        long lastAbove,
        boolean told,
        float peak,
        float threshold,
        List<String> channels,
        double[] shares,
        String model) {
    /** How much of the scores the channels that an event names must make up together. */
    private static final double SHARE = 0.9;

    static OpenEvent startingAt(long sequence, AnomalyScore score, double threshold) {
        return new OpenEvent(
                sequence,
                sequence,
                false,
                Float.NEGATIVE_INFINITY,
                (float) threshold,
                score.channels(),
                new double[score.channels().size()],
                score.model());
    }

    /** With another sample above the threshold: the {@code index}-th of a record. */
    OpenEvent with(long sequence, AnomalyScore score, int index) {
        double[] sums = shares.clone();
        int length = score.joint().length;
        for (int channel = 0; channel < sums.length; channel++) {
            sums[channel] += score.byChannel()[channel * length + index];
        }
        return new OpenEvent(
                first,
                sequence,
                told,
                Math.max(peak, score.joint()[index]),
                threshold,
                channels,
                sums,
                model);
    }

    OpenEvent asTold() {
        return new OpenEvent(first, lastAbove, true, peak, threshold, channels, shares, model);
    }

    /** Samples from the first above to the last. */
    long length() {
        return lastAbove - first + 1;
    }

    /** The fewest channels that make up nine tenths of the scores, in falling order. */
    List<String> leadingChannels() {
        List<Integer> falling = new ArrayList<>();
        double total = 0;
        for (int channel = 0; channel < shares.length; channel++) {
            falling.add(channel);
            total += shares[channel];
        }
        // Of equal ones, the first comes first.
        falling.sort(Comparator.comparingDouble(channel -> -shares[channel]));
        List<String> leading = new ArrayList<>();
        double sum = 0;
        for (int channel : falling) {
            leading.add(channels.get(channel));
            sum += shares[channel];
            if (sum >= SHARE * total) {
                break;
            }
        }
        return List.copyOf(leading);
    }
}
