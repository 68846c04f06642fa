/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingExample;
import java.util.List;

/**
 * Which windows of which class a network takes for which.
 *
 * @param windows how many were tried
 * @param accuracy the share that it tells right
 * @param classes all of them, in the order of the rows and columns
 * @param counts a row for each class that windows have, a column for each that they are taken for
 */
public record Confusion(int windows, double accuracy, List<String> classes, long[][] counts) {

    static Confusion of(
            TrainableModel model, Examples examples, int batch, List<String> classes) {
        long[][] counts = new long[classes.size()][classes.size()];
        long right = 0;
        for (List<TrainingExample> some : examples.batches(batch)) {
            List<float[]> predictions = model.predict(some);
            for (int i = 0; i < some.size(); i++) {
                int is = (int) some.get(i).target()[0];
                int taken = largest(predictions.get(i));
                counts[is][taken]++;
                right += is == taken ? 1 : 0;
            }
        }
        return new Confusion(examples.size(), (double) right / examples.size(), classes, counts);
    }

    /** The first of equally large ones. */
    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest;
    }
}
