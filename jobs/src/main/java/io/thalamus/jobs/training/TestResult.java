/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.thalamus.jobs.evaluation.Confusion;
import io.thalamus.jobs.evaluation.MeanErrors;
import io.thalamus.jobs.training.Split.Part;
import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingExample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What a trained network makes of the test part; null is what its task does not have.
 *
 * @param windows that it was tried on
 * @param mse the mean square error in standardised units
 * @param mae the mean absolute error in standardised units
 * @param byMaskRate of an imputation, by the share of values that was taken out
 * @param loss of codes that are hidden: the mean cross entropy
 * @param accuracy of a classification: the share of windows that it tells right
 * @param accuracyInterval where it lies with a confidence of 95 %, were the windows independent
 * @param macroF1 the mean of the classes' F1
 * @param confusion which class was taken for which
 * @param trainingScores of an anomaly detection: scores of what was learned from, by which a
 *     threshold can be chosen
 * @param testScores scores of the test part
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TestResult(
        int windows,
        Double mse,
        Double mae,
        List<Masked> byMaskRate,
        Double loss,
        Double accuracy,
        Interval accuracyInterval,
        Double macroF1,
        Confusion confusion,
        ScoreQuantiles trainingScores,
        ScoreQuantiles testScores) {

    /**
     * How far off an imputation is.
     *
     * @param rate the share of values that was taken out
     */
    public record Masked(double rate, double mse, double mae) {}

    /** Of a share (Wilson, JASA 22, 1927). */
    public record Interval(double low, double high) {
        private static final double DEVIATIONS = 1.96;

        static Interval of(double share, int count) {
            double square = DEVIATIONS * DEVIATIONS / count;
            double centre = (share + square / 2) / (1 + square);
            double half =
                    DEVIATIONS
                            * Math.sqrt(share * (1 - share) / count + square / 4 / count)
                            / (1 + square);
            return new Interval(centre - half, centre + half);
        }
    }

    /**
     * Tries a network.
     *
     * @param stop asked before each batch: whether to end by a {@link StoppedException}
     */
    static TestResult of(TrainableModel model, Preparation prepared, BooleanSupplier stop) {
        Examples test = prepared.examples(Part.TEST);
        int batch = prepared.plan().batch();
        return switch (prepared.options().task()) {
            case LONG_TERM_FORECAST, SHORT_TERM_FORECAST -> {
                MeanErrors errors = meanErrors(model, test, batch, stop);
                yield errors(test, errors, null, null, null);
            }
            case ANOMALY_DETECTION -> {
                MeanErrors errors = meanErrors(model, test, batch, stop);
                yield errors(
                        test,
                        errors,
                        null,
                        ScoreQuantiles.of(model, prepared.adjacent(Part.TRAINING), batch, stop),
                        ScoreQuantiles.of(model, prepared.adjacent(Part.TEST), batch, stop));
            }
            case IMPUTATION -> {
                List<Masked> masked = new ArrayList<>();
                for (double rate : prepared.options().maskRates()) {
                    MeanErrors errors =
                            meanErrors(model, prepared.masked(Part.TEST, rate), batch, stop);
                    masked.add(new Masked(rate, errors.mse(), errors.mae()));
                }
                yield errors(test, meanErrors(model, test, batch, stop), masked, null, null);
            }
            case VQVAE -> errors(test, meanErrors(model, test, batch, stop), null, null, null);
            case MAE ->
                    new TestResult(
                            test.size(),
                            null,
                            null,
                            null,
                            loss(model, test, batch, stop),
                            null,
                            null,
                            null,
                            null,
                            null,
                            null);
            case CLASSIFICATION, CLS -> {
                Confusion confusion = confusion(model, test, batch, prepared.classes(), stop);
                yield new TestResult(
                        test.size(),
                        null,
                        null,
                        null,
                        null,
                        confusion.accuracy(),
                        Interval.of(confusion.accuracy(), test.size()),
                        confusion.macroF1(),
                        confusion,
                        null,
                        null);
            }
        };
    }

    private static TestResult errors(
            Examples test,
            MeanErrors errors,
            List<Masked> masked,
            ScoreQuantiles training,
            ScoreQuantiles tested) {
        return new TestResult(
                test.size(),
                errors.mse(),
                errors.mae(),
                masked,
                null,
                null,
                null,
                null,
                null,
                training,
                tested);
    }

    /** Over all windows, each with the same weight. */
    private static double loss(
            TrainableModel model, Examples examples, int batch, BooleanSupplier stop) {
        double sum = 0;
        for (List<TrainingExample> some : examples.batches(batch, stop)) {
            sum += model.loss(some) * some.size();
        }
        return sum / examples.size();
    }

    /** Over all values that are asked for, in standardised units. */
    private static MeanErrors meanErrors(
            TrainableModel model, Examples examples, int batch, BooleanSupplier stop) {
        MeanErrors.Sum sum = new MeanErrors.Sum();
        for (List<TrainingExample> some : examples.batches(batch, stop)) {
            List<float[]> outputs = model.predict(some);
            for (int i = 0; i < some.size(); i++) {
                float[] target = some.get(i).target();
                for (int at = 0; at < target.length; at++) {
                    if (!Float.isNaN(target[at])) {
                        sum.add((double) outputs.get(i)[at] - target[at]);
                    }
                }
            }
        }
        return sum.mean();
    }

    private static Confusion confusion(
            TrainableModel model,
            Examples examples,
            int batch,
            List<String> classes,
            BooleanSupplier stop) {
        Confusion confusion = Confusion.none(classes);
        for (List<TrainingExample> some : examples.batches(batch, stop)) {
            List<float[]> outputs = model.predict(some);
            for (int i = 0; i < some.size(); i++) {
                int truth = (int) some.get(i).target()[0];
                confusion.add(classes.get(truth), classes.get(largest(outputs.get(i))));
            }
        }
        return confusion;
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
