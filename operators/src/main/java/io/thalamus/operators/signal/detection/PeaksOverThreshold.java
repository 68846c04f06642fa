/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import io.thalamus.operators.signal.Span;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.Locale;

/**
 * A threshold that a score of an ordinary stream exceeds with a given probability, however small:
 * SPOT, and with a depth DSPOT, which follows a drift (Siffer, Fouque, Termier, Largouet, "Anomaly
 * Detection in Streams with Extreme Value Theory", KDD 2017, algorithms 2 and 3).
 *
 * <p>The first scores give a high level: their {@code level} quantile. What exceeds it, the peaks,
 * follows a generalised Pareto distribution, and with {@code n} scores and {@code p} peaks so far
 * the threshold is {@code level + scale / shape ((risk n / p)^-shape - 1)}. A score above the
 * threshold is an anomaly and teaches nothing; one above the level is another peak, upon which the
 * fit is renewed; the others count for {@code n}. With a depth, all of this is said of the score
 * less the mean of the last {@code depth} scores that were no anomalies.
 *
 * <p>Other than the paper has it:
 *
 * <ul>
 *   <li>Of the scores above the threshold, as many as the risk predicts, {@code risk n}, are taken
 *       for ordinary: they count as scores and as peaks of which nothing is known but that they
 *       exceed the threshold. If they did not, each fit would be one of a tail cut short, and the
 *       threshold would sink for as long as the stream lasts. How high they are plays no part.
 *   <li>Of the peaks, the last {@value #MOST_PEAKS} are kept for the fit, those of the calibration
 *       from the lowest; {@code n} and {@code p} count all.
 *   <li>Where the calibration had no peak, as its highest scores were all equal, the threshold is
 *       the level, and the first score above it is an anomaly and the first peak all the same: the
 *       rule would know of no tail for ever.
 * </ul>
 *
 * @param risk the probability, above 0 and below {@code 1 - level}
 * @param level which quantile of the first scores the level is; above 0 and below 1
 * @param calibration these scores; of a time, the whole samples in it, but so many as leave {@value
 *     #LEAST_PEAKS} to {@value #MOST_PEAKS} peaks
 * @param depth over how many scores the mean is taken, which come before the calibration; 0 for
 *     SPOT
 */
public record PeaksOverThreshold(double risk, double level, Span calibration, int depth)
        implements ThresholdRule {
    static final int LEAST_PEAKS = 10;
    static final int MOST_PEAKS = 512;
    private static final int DEEPEST = 4096;

    // Counters.
    private static final int LENGTH = 0;
    private static final int ORDINARY = 1;
    private static final int PEAKS = 2;
    private static final int BEYOND = 3;
    // Figures: the level and the threshold above the mean of the last scores, and this mean.
    private static final int LEVEL = 0;
    private static final int THRESHOLD = 1;
    private static final int MEAN = 2;

    public PeaksOverThreshold {
        if (!(level > 0 && level < 1)) {
            throw wrong("level is %s; give a share above 0 and below 1, such as 0.98", level);
        }
        if (!(risk > 0 && risk < 1 - level)) {
            throw wrong("risk is %s; give a probability above 0 and below 1 - level", risk);
        }
        if (depth < 0 || depth > DEEPEST) {
            throw wrong("depth is %d; give 0 to %d scores", depth, DEEPEST);
        }
        if (least(level) > most(level)) {
            throw wrong("level is %s, which no number of scores suits; give a higher one", level);
        }
        if (calibration instanceof Span.Samples samples
                && samples.count() != fitting(samples.count(), level)) {
            throw wrong(
                    "calibration is %d scores; at a level of %s give %d to %d, of which %d to %d"
                            + " exceed it",
                    samples.count(), level, least(level), most(level), LEAST_PEAKS, MOST_PEAKS);
        }
    }

    private static InvalidInputException wrong(String message, Object... values) {
        return new InvalidInputException(
                String.format(Locale.ROOT, "threshold: " + message, values));
    }

    private static int least(double level) {
        return (int) Math.ceil(Math.min(LEAST_PEAKS / (1 - level), 1 << 30)) + 1;
    }

    private static int most(double level) {
        return (int) Math.min((MOST_PEAKS - 2) / (1 - level), 1 << 30);
    }

    private static int fitting(int scores, double level) {
        return Math.max(least(level), Math.min(most(level), scores));
    }

    @Override
    public ThresholdState start(SampleRate rate) {
        return new ThresholdState(
                new long[] {fitting(calibration.samplesWithin(rate), level), 0, 0, 0},
                new double[] {Double.NaN, Double.NaN, 0},
                new double[MOST_PEAKS],
                new double[depth]);
    }

    @Override
    public double threshold(ThresholdState state) {
        return state.figures()[THRESHOLD] + state.figures()[MEAN];
    }

    @Override
    public void take(double score, ThresholdState state) {
        if (!Double.isFinite(score)) {
            return;
        }
        long[] counters = state.counters();
        double relative = score - state.figures()[MEAN];
        long calibrated = counters[ORDINARY] - depth;
        if (calibrated < 0) {
            ordinary(score, state);
        } else if (calibrated < counters[LENGTH]) {
            Percentile quantile = quantile(counters[LENGTH]);
            quantile.offer(relative, state.highest(), calibrated);
            ordinary(score, state);
            if (calibrated + 1 == counters[LENGTH]) {
                findLevel(quantile.of(state.highest()), quantile.highest(), state);
            }
        } else if (score > threshold(state) && counters[PEAKS] > 0) {
            if (counters[BEYOND] + 1 <= risk * scores(counters)) {
                counters[BEYOND]++;
                findThreshold(state);
            }
        } else {
            ordinary(score, state);
            if (relative > state.figures()[LEVEL]) {
                double excess = relative - state.figures()[LEVEL];
                state.highest()[(int) (counters[PEAKS] % MOST_PEAKS)] = excess;
                counters[PEAKS]++;
                findThreshold(state);
            }
        }
    }

    /** Ordinary ones since the start of the calibration. */
    private double scores(long[] counters) {
        return counters[ORDINARY] - depth + counters[BEYOND];
    }

    private Percentile quantile(long length) {
        return new Percentile((int) length, level * 100);
    }

    private void ordinary(double score, ThresholdState state) {
        double[] recent = state.recent();
        if (recent.length > 0) {
            recent[(int) (state.counters()[ORDINARY] % recent.length)] = score;
            // Summed anew each time: a running sum would keep the rounding of all that was.
            double sum = 0;
            for (double each : recent) {
                sum += each;
            }
            state.figures()[MEAN] = sum / recent.length;
        }
        state.counters()[ORDINARY]++;
    }

    private void findLevel(double found, int kept, ThresholdState state) {
        double[] peaks = state.highest();
        int count = 0;
        for (int i = 0; i < kept; i++) {
            if (peaks[i] > found) {
                peaks[count] = peaks[i] - found;
                count++;
            }
        }
        state.figures()[LEVEL] = found;
        state.figures()[THRESHOLD] = found;
        state.counters()[PEAKS] = count;
        findThreshold(state);
    }

    private void findThreshold(ThresholdState state) {
        double[] figures = state.figures();
        long[] counters = state.counters();
        long peaks = counters[PEAKS];
        if (peaks == 0) {
            return;
        }
        double beyond = counters[BEYOND];
        GeneralisedPareto tail =
                GeneralisedPareto.fit(
                        state.highest(),
                        (int) Math.min(peaks, MOST_PEAKS),
                        beyond / peaks,
                        figures[THRESHOLD] - figures[LEVEL]);
        double probability = Math.min(1, risk * scores(counters) / (peaks + beyond));
        figures[THRESHOLD] = figures[LEVEL] + tail.exceededWith(probability);
    }
}
