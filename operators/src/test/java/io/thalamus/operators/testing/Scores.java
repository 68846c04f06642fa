/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.SampleRate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/**
 * Scores of two channels, of which the first has a share of the joint score's double.
 *
 * @param joint the joint score of each sample
 * @param first the first channel's share
 */
public record Scores(String id, LongToDoubleFunction joint, double first) {
    private static final long START = 1_700_000_000_000_000_000L;

    /** A period that is no whole number of nanoseconds. */
    public static final SampleRate RATE = SampleRate.ofHertz(3);

    public static final List<String> CHANNELS = List.of("a", "b");

    /** Zero, but for some samples. */
    public static Scores of(String id, double... joint) {
        return new Scores(id, n -> n < joint.length ? joint[(int) n] : 0, 0.25);
    }

    public static long nanosOf(long sequence) {
        return START + RATE.nanosOf(sequence);
    }

    /** The record of the samples {@code [from, to)}. */
    public AnomalyScore record(int segment, long from, long to) {
        int length = (int) (to - from);
        float[] scores = new float[length];
        float[] byChannel = new float[2 * length];
        for (int i = 0; i < length; i++) {
            scores[i] = (float) joint.applyAsDouble(from + i);
            byChannel[i] = (float) (2 * first * scores[i]);
            byChannel[length + i] = (float) (2 * (1 - first) * scores[i]);
        }
        return new AnomalyScore(
                id, from, segment, nanosOf(from), RATE, CHANNELS, scores, byChannel, "model");
    }

    /** Records of a length, each starting a hop behind the one before. */
    public List<AnomalyScore> records(long to, int length, int hop) {
        List<AnomalyScore> records = new ArrayList<>();
        for (long from = 0; from + length <= to; from += hop) {
            records.add(record(0, from, from + length));
        }
        return records;
    }
}
