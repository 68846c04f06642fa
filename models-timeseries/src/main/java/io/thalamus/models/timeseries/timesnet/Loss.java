/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.Softmax;
import io.thalamus.operators.inference.TrainingExample;
import java.util.List;

/** How far the results of a batch are from what was wanted, and in which direction. */
enum Loss {
    /** The mean of the squared errors of all values. */
    SQUARED_ERROR,
    /** The mean of the squared errors of the values that the window lacks. */
    SQUARED_ERROR_OF_MISSING,
    /** The mean of the negative logarithms of the probabilities of the right classes. */
    CROSS_ENTROPY;

    /**
     * A batch's loss.
     *
     * @param mean 0 if there is nothing to compare
     * @param gradients by each value of each window
     */
    record Value(double mean, float[][] gradients) {}

    static Loss of(TimesNetConfig.Task task) {
        return switch (task) {
            case LONG_TERM_FORECAST, SHORT_TERM_FORECAST, ANOMALY_DETECTION -> SQUARED_ERROR;
            case IMPUTATION -> SQUARED_ERROR_OF_MISSING;
            case CLASSIFICATION -> CROSS_ENTROPY;
        };
    }

    /**
     * Compares results.
     *
     * @param results the network's output for each example
     */
    Value of(List<TrainingExample> batch, float[][] results) {
        return this == CROSS_ENTROPY ? crossEntropy(batch, results) : squares(batch, results);
    }

    private Value squares(List<TrainingExample> batch, float[][] results) {
        float[][] gradients = new float[results.length][];
        double sum = 0;
        long count = 0;
        for (int i = 0; i < results.length; i++) {
            float[] target = target(batch.get(i), results[i].length);
            gradients[i] = new float[target.length];
            for (int j = 0; j < target.length; j++) {
                if (counts(batch.get(i), j)) {
                    double error = (double) results[i][j] - target[j];
                    gradients[i][j] = (float) (2 * error);
                    sum += error * error;
                    count++;
                }
            }
        }
        if (count == 0) {
            return new Value(0, gradients);
        }
        for (float[] gradient : gradients) {
            for (int j = 0; j < gradient.length; j++) {
                gradient[j] /= count;
            }
        }
        return new Value(sum / count, gradients);
    }

    private boolean counts(TrainingExample example, int value) {
        return Float.isFinite(example.target()[value])
                && (this == SQUARED_ERROR || Float.isNaN(example.window().samples()[value]));
    }

    private static Value crossEntropy(List<TrainingExample> batch, float[][] results) {
        float[][] gradients = new float[results.length][];
        double sum = 0;
        for (int i = 0; i < results.length; i++) {
            float number = target(batch.get(i), 1)[0];
            int wanted = (int) number;
            if (wanted != number || wanted < 0 || wanted >= results[i].length) {
                throw new IllegalArgumentException(
                        "there is no class %s among %d".formatted(number, results[i].length));
            }
            float[] probabilities = Softmax.of(results[i], results[i].length);
            sum -= Math.log(Math.max(probabilities[wanted], Float.MIN_NORMAL));
            gradients[i] = probabilities;
            gradients[i][wanted] -= 1;
            for (int j = 0; j < gradients[i].length; j++) {
                gradients[i][j] /= results.length;
            }
        }
        return new Value(sum / results.length, gradients);
    }

    private static float[] target(TrainingExample example, int length) {
        float[] target = example.target();
        if (target.length != length) {
            throw new IllegalArgumentException(
                    "a target of %d values is wanted, not of %d".formatted(length, target.length));
        }
        return target;
    }
}
