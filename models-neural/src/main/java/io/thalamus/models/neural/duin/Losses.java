/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

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
