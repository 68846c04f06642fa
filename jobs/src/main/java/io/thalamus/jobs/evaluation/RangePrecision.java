/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Precision over recall for every threshold, with and without a buffer around each anomaly: a score
 * that rises a little early or late is nearly right (Paparrizos et al., "Volume Under the Surface:
 * A New Accuracy Evaluation Measure for Time-Series Anomaly Detection", PVLDB 15, 2022).
 *
 * <p>With a buffer of {@code l} samples, of which half lies on each side, a sample {@code d} from
 * an anomaly has the label {@code sqrt(1 - d / l)}, {@code d} at most {@code l / 2}; where buffers
 * meet the labels are added, up to 1. Precision is the sum of the labels found over the number of
 * samples found. Recall is that sum over the mean of the labels' sums with and without buffers, at
 * most 1, times the share of the anomalies, buffers included, of which a sample was found. The
 * curve starts at recall 0 and precision 1, and its area is that of trapezoids.
 *
 * <p>Each distinct score is a threshold; the paper's program tries 250 of them.
 */
final class RangePrecision {
    private final List<LabelledScores> stretches;
    private final int samples;
    private final float[] scores;

    /** The places of all samples, from the highest score to the lowest. */
    private final Integer[] falling;

    private final long anomalous;

    RangePrecision(List<LabelledScores> stretches) {
        this.stretches = List.copyOf(stretches);
        int count = 0;
        long marked = 0;
        for (LabelledScores stretch : stretches) {
            count += stretch.scores().length;
            for (boolean truth : stretch.truth()) {
                marked += truth ? 1 : 0;
            }
        }
        samples = count;
        anomalous = marked;
        scores = new float[count];
        int at = 0;
        for (LabelledScores stretch : stretches) {
            System.arraycopy(stretch.scores(), 0, scores, at, stretch.scores().length);
            at += stretch.scores().length;
        }
        falling = new Integer[count];
        Arrays.setAll(falling, i -> i);
        Arrays.sort(falling, Comparator.comparingDouble(i -> -scores[i]));
    }

    /** The average precision: each step of recall times the precision there. */
    double average() {
        double[] labels = labels(0);
        double area = 0;
        double hits = 0;
        double before = 0;
        for (int i = 0; i < samples; i++) {
            hits += labels[falling[i]];
            if (endsATie(i)) {
                area += (hits - before) * hits / (i + 1);
                before = hits;
            }
        }
        return anomalous == 0 ? Double.NaN : area / anomalous;
    }

    /** The mean area over all buffers up to one, from 0 samples on. */
    double volume(int widest) {
        double sum = 0;
        for (int buffer = 0; buffer <= widest; buffer++) {
            sum += area(buffer);
        }
        return sum / (widest + 1);
    }

    /** The area with a buffer; NaN where nothing is anomalous. */
    double area(int buffer) {
        if (anomalous == 0) {
            return Double.NaN;
        }
        double[] labels = labels(buffer);
        double[] met = highestOfEachRange(labels);
        double positives = (anomalous + Arrays.stream(labels).sum()) / 2;
        double area = 0;
        double hits = 0;
        double recall = 0;
        double precision = 1;
        int ranges = 0;
        for (int i = 0; i < samples; i++) {
            hits += labels[falling[i]];
            if (!endsATie(i)) {
                continue;
            }
            while (ranges < met.length && met[met.length - 1 - ranges] >= scores[falling[i]]) {
                ranges++;
            }
            double nextRecall = Math.min(hits / positives, 1) * ranges / met.length;
            double nextPrecision = hits / (i + 1);
            area += (nextRecall - recall) * (nextPrecision + precision) / 2;
            recall = nextRecall;
            precision = nextPrecision;
        }
        return area;
    }

    private boolean endsATie(int i) {
        return i + 1 == samples || scores[falling[i + 1]] < scores[falling[i]];
    }

    private double[] labels(int buffer) {
        double[] labels = new double[samples];
        int start = 0;
        for (LabelledScores stretch : stretches) {
            int end = start + stretch.truth().length;
            for (Run run : Run.of(stretch.truth())) {
                Arrays.fill(labels, start + run.first(), start + run.end(), 1);
                for (int distance = 1; distance <= buffer / 2; distance++) {
                    double label = Math.sqrt(1 - (double) distance / buffer);
                    addWithin(labels, start, end, start + run.first() - distance, label);
                    addWithin(labels, start, end, start + run.end() - 1 + distance, label);
                }
            }
            start = end;
        }
        return labels;
    }

    private static void addWithin(double[] labels, int start, int end, int place, double label) {
        if (place >= start && place < end) {
            labels[place] = Math.min(1, labels[place] + label);
        }
    }

    /** Of each run of labels in a stretch, the highest score, ascending. */
    private double[] highestOfEachRange(double[] labels) {
        List<Double> highest = new ArrayList<>();
        int start = 0;
        for (LabelledScores stretch : stretches) {
            boolean[] marked = new boolean[stretch.truth().length];
            for (int i = 0; i < marked.length; i++) {
                marked[i] = labels[start + i] > 0;
            }
            for (Run run : Run.of(marked)) {
                double most = Double.NEGATIVE_INFINITY;
                for (int i = run.first(); i < run.end(); i++) {
                    most = Math.max(most, stretch.scores()[i]);
                }
                highest.add(most);
            }
            start += marked.length;
        }
        return highest.stream().mapToDouble(score -> score).sorted().toArray();
    }
}
