/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Map;

/**
 * How well hidden values were guessed, and how well simple guesses would have done at the same
 * places.
 *
 * @param rate the share of values that were hidden
 * @param hidden how many known values were hidden
 * @param compared how many of them were guessed; others lie where no window reaches
 * @param model the errors of the model
 * @param linear of the line between the nearest values that were not hidden, before and behind; the
 *     nearest one at the ends of a segment
 * @param last of the last value that was not hidden; the next one at the start of a segment
 */
public record ImputationScore(
        double rate,
        long hidden,
        long compared,
        MeanErrors model,
        MeanErrors linear,
        MeanErrors last) {

    /**
     * Compares what came out with what was hidden. A value counts only where both simple guesses
     * exist: where a channel has values that were not hidden.
     *
     * @param known the signal before values were hidden
     * @param mask what was hidden
     * @param filled what came out, in the same units
     * @param deviation for each channel, the unit of the errors in the signal's unit
     */
    public static ImputationScore of(
            List<SignalFrame> known,
            HiddenValues mask,
            List<SignalFrame> filled,
            double[] deviation) {
        Map<Segment.Key, Segment> results = Segment.of(filled);
        MeanErrors.Sum model = new MeanErrors.Sum();
        MeanErrors.Sum linear = new MeanErrors.Sum();
        MeanErrors.Sum last = new MeanErrors.Sum();
        long hidden = 0;
        for (Segment truth : Segment.of(known).values()) {
            Segment result = results.get(truth.key());
            for (int channel = 0; channel < truth.values().length; channel++) {
                float[] values = truth.values()[channel];
                Gaps gaps = new Gaps(truth, channel, mask);
                for (int n = 0; n < values.length; n++) {
                    if (!gaps.isHidden(n)) {
                        continue;
                    }
                    hidden++;
                    float guess =
                            result == null ? Float.NaN : result.at(channel, truth.first() + n);
                    if (Float.isFinite(guess) && gaps.isBesideKnown(n)) {
                        model.add((guess - (double) values[n]) / deviation[channel]);
                        linear.add((gaps.linear(n) - values[n]) / deviation[channel]);
                        last.add((gaps.last(n) - values[n]) / deviation[channel]);
                    }
                }
            }
        }
        return new ImputationScore(
                mask.rate(), hidden, model.count(), model.mean(), linear.mean(), last.mean());
    }

    /** What is left of one channel of a segment. */
    private static final class Gaps {
        private final float[] values;
        private final boolean[] hidden;

        /** The nearest value before and behind each place that is still known; -1 if none is. */
        private final int[] before;

        private final int[] behind;

        Gaps(Segment segment, int channel, HiddenValues mask) {
            values = segment.values()[channel];
            hidden = new boolean[values.length];
            before = new int[values.length];
            behind = new int[values.length];
            int nearest = -1;
            for (int n = 0; n < values.length; n++) {
                boolean there = Float.isFinite(values[n]);
                hidden[n] =
                        there && mask.hides(segment.key().stream(), channel, segment.first() + n);
                nearest = there && !hidden[n] ? n : nearest;
                before[n] = nearest;
            }
            nearest = -1;
            for (int n = values.length - 1; n >= 0; n--) {
                nearest = Float.isFinite(values[n]) && !hidden[n] ? n : nearest;
                behind[n] = nearest;
            }
        }

        boolean isHidden(int n) {
            return hidden[n];
        }

        boolean isBesideKnown(int n) {
            return before[n] >= 0 || behind[n] >= 0;
        }

        double last(int n) {
            return values[before[n] >= 0 ? before[n] : behind[n]];
        }

        double linear(int n) {
            if (before[n] < 0 || behind[n] < 0) {
                return last(n);
            }
            double share = (double) (n - before[n]) / (behind[n] - before[n]);
            return values[before[n]] + share * ((double) values[behind[n]] - values[before[n]]);
        }
    }
}
