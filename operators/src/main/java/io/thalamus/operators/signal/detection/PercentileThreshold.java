/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import io.thalamus.operators.signal.Span;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.Locale;

/**
 * The rule of TimesNet's reference: the {@code 100 - anomalyRatio} percentile of scores that are
 * taken for granted, interpolated linearly. Here they are those of the stream's first stretch,
 * after which the threshold stays what it is; the reference takes training and test data together,
 * which a stream cannot know.
 *
 * <p>It keeps the highest scores of the stretch only, as many as the percentile is found from:
 * {@code anomalyRatio} percent of them and one or two more, 8 bytes each.
 *
 * @param anomalyRatio how many scores in a hundred are too high; above 0 and below 100
 * @param calibration the stretch; of a time, the whole samples in it, and at least one
 */
public record PercentileThreshold(double anomalyRatio, Span calibration) implements ThresholdRule {
    /** Most scores that may have to be kept. */
    private static final int MOST = 1 << 16;

    private static final int SEEN = 0;
    private static final int LENGTH = 1;
    private static final int THRESHOLD = 0;

    public PercentileThreshold {
        if (!(anomalyRatio > 0 && anomalyRatio < 100)) {
            throw new InvalidInputException(
                    "threshold: anomaly-ratio is %s; give percent, above 0 and below 100"
                            .formatted(anomalyRatio));
        }
        if (calibration instanceof Span.Samples samples) {
            int kept = new Percentile(samples.count(), 100 - anomalyRatio).highest();
            if (kept > MOST) {
                throw new InvalidInputException(
                        String.format(
                                Locale.ROOT,
                                "threshold: of %d scores, %d would have to be kept, more than %d;"
                                        + " give a shorter calibration or a lower anomaly-ratio",
                                samples.count(),
                                kept,
                                MOST));
            }
        }
    }

    @Override
    public ThresholdState start(SampleRate rate) {
        int most = (int) Math.min(Integer.MAX_VALUE, (MOST - 2) * 100 / anomalyRatio);
        int length = Math.max(1, Math.min(most, calibration.samplesWithin(rate)));
        return new ThresholdState(
                new long[] {0, length},
                new double[] {Double.NaN},
                new double[percentile(length).highest()],
                new double[0]);
    }

    private Percentile percentile(long length) {
        return new Percentile((int) length, 100 - anomalyRatio);
    }

    @Override
    public double threshold(ThresholdState state) {
        return state.figures()[THRESHOLD];
    }

    @Override
    public void take(double score, ThresholdState state) {
        long[] counters = state.counters();
        if (counters[SEEN] == counters[LENGTH] || !Double.isFinite(score)) {
            return;
        }
        Percentile percentile = percentile(counters[LENGTH]);
        percentile.offer(score, state.highest(), counters[SEEN]);
        counters[SEEN]++;
        if (counters[SEEN] == counters[LENGTH]) {
            state.figures()[THRESHOLD] = percentile.of(state.highest());
        }
    }
}
