/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingExample;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How far a network is off, over all values that are asked for, in standardised units.
 *
 * @param mse the mean square error
 * @param mae the mean absolute error
 */
record MeanErrors(double mse, double mae) {

    static MeanErrors of(TrainableModel model, Examples examples, int batch, BooleanSupplier stop) {
        double squares = 0;
        double absolutes = 0;
        long values = 0;
        for (List<TrainingExample> some : examples.batches(batch, stop)) {
            List<float[]> outputs = model.predict(some);
            for (int i = 0; i < some.size(); i++) {
                float[] target = some.get(i).target();
                for (int at = 0; at < target.length; at++) {
                    if (!Float.isNaN(target[at])) {
                        double error = (double) outputs.get(i)[at] - target[at];
                        squares += error * error;
                        absolutes += Math.abs(error);
                        values++;
                    }
                }
            }
        }
        return new MeanErrors(squares / values, absolutes / values);
    }
}
