/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingExample;
import java.util.List;

/**
 * How far a network is off, over all values that are asked for, in standardised units.
 *
 * @param windows how many were tried
 * @param mse the mean square error
 * @param mae the mean absolute error
 */
public record MeanErrors(int windows, double mse, double mae) {

    static MeanErrors of(TrainableModel model, Examples examples, int batch) {
        double squares = 0;
        double absolutes = 0;
        long values = 0;
        for (List<TrainingExample> some : examples.batches(batch)) {
            List<float[]> predictions = model.predict(some);
            for (int i = 0; i < some.size(); i++) {
                float[] target = some.get(i).target();
                for (int at = 0; at < target.length; at++) {
                    if (!Float.isNaN(target[at])) {
                        double error = (double) predictions.get(i)[at] - target[at];
                        squares += error * error;
                        absolutes += Math.abs(error);
                        values++;
                    }
                }
            }
        }
        return new MeanErrors(examples.size(), squares / values, absolutes / values);
    }
}
