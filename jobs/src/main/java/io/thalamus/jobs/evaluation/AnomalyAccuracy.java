/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.schemas.SampleRate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well anomalies were found. An anomaly is a run of anomalous samples of one stretch.
 *
 * @param points sample by sample
 * @param adjusted the same once every sample of an anomaly counts as found if one is. Random
 *     answers do well by it, and better the longer anomalies are (Kim et al., "Towards a Rigorous
 *     Evaluation of Time-Series Anomaly Detection", AAAI 2022): never without {@code points}
 * @param events anomaly by anomaly
 * @param aucPr the area under precision over recall, sample by sample, whatever the threshold: the
 *     average precision; NaN where nothing is anomalous
 * @param vusPr the volume under the surface of precision over recall over the width of a buffer
 *     around each anomaly, see {@link RangePrecision}; NaN where nothing is anomalous
 */
public record AnomalyAccuracy(
        Points points, Points adjusted, Events events, double aucPr, double vusPr) {

    /**
     * How many samples were told right.
     *
     * @param precision the share of the samples found that are anomalous; 0 if none was found
     * @param recall the share of the anomalous samples that were found; 0 if there are none
     * @param f1 the harmonic mean of the two; 0 if both are
     */
    public record Points(double precision, double recall, double f1) {
        private static Points of(long hits, long found, long anomalous) {
            double precision = found == 0 ? 0 : (double) hits / found;
            double recall = anomalous == 0 ? 0 : (double) hits / anomalous;
            double f1 = hits == 0 ? 0 : 2 * precision * recall / (precision + recall);
            return new Points(precision, recall, f1);
        }
    }

    /**
     * How many anomalies were found, and how soon.
     *
     * @param count anomalies
     * @param found those of which a sample was found
     * @param recall the share of them; 0 if there are none
     * @param meanDelay from an anomaly's first sample to the first that was found, in samples, over
     *     those found; NaN if none was
     * @param medianDelay the same in the middle; of two, the mean
     * @param meanDelaySeconds the mean in seconds
     */
    public record Events(
            int count,
            int found,
            double recall,
            double meanDelay,
            double medianDelay,
            double meanDelaySeconds) {

        private static Events of(int count, int[] delays, SampleRate rate) {
            Arrays.sort(delays);
            int found = delays.length;
            double mean = Arrays.stream(delays).average().orElse(Double.NaN);
            double median =
                    found == 0 ? Double.NaN : (delays[(found - 1) / 2] + delays[found / 2]) / 2.0;
            return new Events(
                    count,
                    found,
                    count == 0 ? 0 : (double) found / count,
                    mean,
                    median,
                    mean / rate.hertz());
        }
    }

    /**
     * Compares what was found with what is true.
     *
     * @param stretches at least one
     * @param rate of all of them
     * @param widest the widest buffer of {@code vusPr}, in samples: about the length of an anomaly
     */
    public static AnomalyAccuracy of(List<LabelledScores> stretches, SampleRate rate, int widest) {
        long hits = 0;
        long found = 0;
        long anomalous = 0;
        long adjustedHits = 0;
        int events = 0;
        List<Integer> delays = new ArrayList<>();
        for (LabelledScores stretch : stretches) {
            for (int i = 0; i < stretch.truth().length; i++) {
                anomalous += stretch.truth()[i] ? 1 : 0;
                found += stretch.found()[i] ? 1 : 0;
                hits += stretch.truth()[i] && stretch.found()[i] ? 1 : 0;
            }
            for (Run run : Run.of(stretch.truth())) {
                events++;
                int first = run.first();
                while (first < run.end() && !stretch.found()[first]) {
                    first++;
                }
                if (first < run.end()) {
                    delays.add(first - run.first());
                    adjustedHits += run.end() - run.first();
                }
            }
        }
        RangePrecision precision = new RangePrecision(stretches);
        return new AnomalyAccuracy(
                Points.of(hits, found, anomalous),
                Points.of(adjustedHits, found - hits + adjustedHits, anomalous),
                Events.of(events, delays.stream().mapToInt(delay -> delay).toArray(), rate),
                precision.average(),
                precision.volume(widest));
    }
}
