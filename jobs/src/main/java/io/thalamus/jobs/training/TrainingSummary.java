/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.jobs.training.Split.Part;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training was and what came of it: {@code metrics.json} of a bundle.
 *
 * @param command what the user typed
 * @param epochs the losses and the learning rate of each
 * @param best the one whose weights the bundle has
 * @param test how good they are
 */
public record TrainingSummary(
        String architecture,
        String task,
        String command,
        long seed,
        Data data,
        Recipe recipe,
        List<Epoch> epochs,
        Epoch best,
        TestResult test,
        Timing timing) {

    /**
     * What was learned from.
     *
     * @param recordings the name of the file, or of the folder and how many lie in it
     * @param stretches unbroken ones, of all streams
     * @param rows samples of each channel, of all streams
     * @param refused pieces of the recordings that cannot be used
     * @param split of each stream
     * @param windows by the name of the part
     */
    public record Data(
            String recordings,
            int streams,
            int stretches,
            long rows,
            long refused,
            List<String> channels,
            String rate,
            String split,
            Map<String, Windows> windows) {

        static Data of(TrainingData data, Split split, Map<Part, Examples> examples) {
            Map<String, Windows> windows = new LinkedHashMap<>();
            examples.forEach(
                    (part, found) ->
                            windows.put(
                                    part.toString(), new Windows(found.size(), found.leftOut())));
            return new Data(
                    data.name(),
                    data.streams().size(),
                    data.streams().values().stream().mapToInt(List::size).sum(),
                    data.rows(),
                    data.refused(),
                    data.channels(),
                    data.rate().toString(),
                    split.toString(),
                    windows);
        }
    }

    /**
     * The windows of a part.
     *
     * @param used how many there are to learn from, or to be tried on
     * @param leftOut how many are not used, because values are missing in them, or a label is
     */
    public record Windows(int used, long leftOut) {}

    /**
     * How it was trained; see {@link TrainingOptions}.
     *
     * @param parameters numbers that were learned
     */
    public record Recipe(
            int batch,
            int maxEpochs,
            int patience,
            double learningRate,
            String schedule,
            int hop,
            int fill,
            List<Double> maskRates,
            String engine,
            long parameters) {

        static Recipe of(Preparation prepared, long parameters) {
            TrainingPlan plan = prepared.plan();
            TrainingOptions options = prepared.options();
            return new Recipe(
                    plan.batch(),
                    plan.epochs(),
                    plan.patience(),
                    plan.learningRate(),
                    plan.schedule().toString(),
                    options.hop(),
                    options.fill(),
                    options.task() == Task.IMPUTATION ? options.maskRates() : List.of(),
                    options.engine(),
                    parameters);
        }
    }

    /**
     * How long it took.
     *
     * @param seconds of learning and validation
     * @param windowsPerSecond that were learned from in that time
     */
    public record Timing(double seconds, double windowsPerSecond) {}
}
