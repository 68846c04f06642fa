/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.operators.signal.detection.Percentile;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.DoubleStream;

/**
 * How a network scores what is taken for normal: a sample's score is the mean, over the channels,
 * of the squares of what its reconstruction is off.
 *
 * @param samples how many were scored
 * @param percentiles of the scores, by percent; between two scores as a line goes, as the detection
 *     of anomalies takes them
 */
public record ScoreQuantiles(long samples, Map<String, Double> percentiles) {
    private static final double[] PERCENTS = {50, 90, 95, 98, 99, 99.5, 99.9, 100};

    static ScoreQuantiles of(
            TrainableModel model, Examples examples, int batch, BooleanSupplier stop) {
        DoubleStream.Builder scores = DoubleStream.builder();
        for (List<TrainingExample> some : examples.batches(batch, stop)) {
            List<float[]> predictions = model.predict(some);
            for (int i = 0; i < some.size(); i++) {
                TrainingExample example = some.get(i);
                int length = example.window().length();
                int channels = example.window().channels().size();
                for (int at = 0; at < length; at++) {
                    double squares = 0;
                    for (int channel = 0; channel < channels; channel++) {
                        int value = channel * length + at;
                        double error = (double) predictions.get(i)[value] - example.target()[value];
                        squares += error * error;
                    }
                    scores.add(squares / channels);
                }
            }
        }
        double[] sorted = scores.build().sorted().toArray();
        Map<String, Double> percentiles = new LinkedHashMap<>();
        if (sorted.length > 0) {
            Arrays.stream(PERCENTS)
                    .forEach(
                            percent ->
                                    percentiles.put(name(percent), Percentile.of(sorted, percent)));
        }
        return new ScoreQuantiles(sorted.length, percentiles);
    }

    private static String name(double percent) {
        return percent == Math.rint(percent)
                ? Long.toString((long) percent)
                : Double.toString(percent);
    }
}
