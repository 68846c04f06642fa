/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import java.util.List;

/** What the networks are trained to make small. */
final class Losses {
    private static final double SMALLEST = 1e-12;

    private Losses() {}

    /**
     * Squared error, averaged over time for each channel of each signal, then over the channels
     * that count.
     *
     * @param signals {@code [signals, channels, samples]}
     * @param mask {@code [signals, channels]}, 1 for channels that count
     */
    static double reconstruction(float[] signals, float[] reconstructed, float[] mask) {
        if (reconstructed.length != signals.length) {
            throw new IllegalArgumentException(
                    "%d values are told of %d".formatted(reconstructed.length, signals.length));
        }
        int length = signals.length / mask.length;
        double sum = 0;
        double weight = 0;
        for (int row = 0; row < mask.length; row++) {
            double errors = 0;
            for (int i = row * length; i < (row + 1) * length; i++) {
                double error = (double) signals[i] - reconstructed[i];
                errors += error * error;
            }
            sum += mask[row] * errors / length;
            weight += mask[row];
        }
        return sum / weight;
    }

    /** How far tokens are from their codes. */
    static double commitment(float[] points, float[] codes, int size, double beta) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            double error = (double) points[i] - codes[i];
            sum += error * error;
        }
        return beta * sum / size;
    }

    /** The mean cross entropy of the softmax of rows. */
    static double crossEntropy(float[] scores, int[] targets) {
        int classes = scores.length / targets.length;
        double sum = 0;
        for (int row = 0; row < targets.length; row++) {
            sum += logSum(scores, row * classes, classes) - scores[row * classes + targets[row]];
        }
        return sum / targets.length;
    }

    /**
     * The gradient of {@link #reconstruction} by what was reconstructed.
     *
     * @param to takes it, in the shape of the signals
     */
    static void byReconstructed(float[] signals, float[] reconstructed, float[] mask, float[] to) {
        int length = signals.length / mask.length;
        double weight = 0;
        for (float counts : mask) {
            weight += counts;
        }
        for (int i = 0; i < signals.length; i++) {
            double error = (double) reconstructed[i] - signals[i];
            to[i] = (float) (2 * error * mask[i / length] / length / weight);
        }
    }

    /** The gradient of {@link #crossEntropy} by the scores. */
    static void byScores(float[] scores, int[] targets, float[] to) {
        int rows = targets.length;
        int classes = scores.length / rows;
        for (int row = 0; row < rows; row++) {
            double log = logSum(scores, row * classes, classes);
            for (int i = row * classes; i < (row + 1) * classes; i++) {
                double wanted = i - row * classes == targets[row] ? 1 : 0;
                to[i] = (float) ((Math.exp(scores[i] - log) - wanted) / rows);
            }
        }
    }

    /** Arrays of one length, one after the other. */
    static float[] joined(List<float[]> rows) {
        int size = rows.get(0).length;
        float[] all = new float[rows.size() * size];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * size, size);
        }
        return all;
    }

    private static double logSum(float[] scores, int from, int classes) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + classes; i++) {
            largest = Math.max(largest, scores[i]);
        }
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            sum += Math.exp(scores[i] - largest);
        }
        return largest + Math.log(sum);
    }

    /** The likeness of projections, {@code exp(temperature)} times their cosines. */
    static float[] likeness(float[] projections, int count, double temperature) {
        int width = projections.length / count;
        float[] matrix = new float[count * count];
        for (int a = 0; a < count; a++) {
            for (int b = 0; b < count; b++) {
                double product = dot(projections, a * width, b * width, width);
                double norms =
                        length(projections, a * width, width)
                                * length(projections, b * width, width);
                matrix[a * count + b] = (float) (Math.exp(temperature) * product / norms);
            }
        }
        return matrix;
    }

    private static double length(float[] values, int from, int width) {
        return Math.max(Math.sqrt(dot(values, from, from, width)), SMALLEST);
    }

    private static double dot(float[] values, int a, int b, int width) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += (double) values[a + i] * values[b + i];
        }
        return sum;
    }

    /** How far a likeness, which is symmetric, is from that of the classes. */
    static double contrast(float[] likeness, int[] targets) {
        int count = targets.length;
        double sum = 0;
        for (int row = 0; row < count; row++) {
            double log = logSum(likeness, row * count, count);
            for (int other = 0; other < count; other++) {
                if (targets[other] == targets[row]) {
                    sum -= Math.log(Math.exp(likeness[row * count + other] - log) + SMALLEST);
                }
            }
        }
        return sum / count;
    }
}
