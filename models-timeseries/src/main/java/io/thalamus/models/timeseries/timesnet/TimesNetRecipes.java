/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.RateSchedule;
import io.thalamus.operators.inference.TrainingRecipe;
import io.thalamus.operators.inference.TrainingTask;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;

/**
 * What networks are made and trained with unless the user says otherwise: the hyper-parameters that
 * the authors of TimesNet used for small data sets such as ETTh1.
 */
final class TimesNetRecipes {
    private static final double EPSILON = 1e-5;
    private static final int POSITIONS = 5000;
    private static final double CASE_TOLERANCE = 5e-5;

    private static final double SECOND = 1;
    private static final double MINUTE = 60 * SECOND;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;
    private static final double WEEK = 7 * DAY;

    private TimesNetRecipes() {}

    /**
     * The sizes of a network.
     *
     * @param length {@code seq_len}
     * @param horizon {@code pred_len}
     * @param width {@code d_model}
     * @param hiddenWidth {@code d_ff}
     * @param periods {@code top_k}
     */
    private record Sizes(int length, int horizon, int width, int hiddenWidth, int periods) {}

    static TrainingRecipe of(TrainingTask task) {
        return switch (task.name()) {
            case "long_term_forecast" ->
                    halving(task, new Sizes(96, 96, 16, 32, 5), /* batch= */ 32, 1e-4);
            case "short_term_forecast" ->
                    halving(task, new Sizes(96, 24, 16, 32, 5), /* batch= */ 16, 1e-3);
            case "imputation" -> halving(task, new Sizes(96, 0, 16, 32, 5), /* batch= */ 16, 1e-3);
            case "anomaly_detection" ->
                    halving(task, new Sizes(100, 0, 8, 16, 3), /* batch= */ 128, 1e-4);
            case "classification" ->
                    new TrainingRecipe(
                            configuration(task, new Sizes(96, 0, 16, 32, 3)),
                            /* batch= */ 16,
                            /* epochs= */ 30,
                            /* patience= */ 10,
                            1e-3,
                            RateSchedule.CONSTANT);
            default ->
                    throw new InvalidInputException(
                            "timesnet is not made for the task '%s'".formatted(task.name()));
        };
    }

    private static TrainingRecipe halving(
            TrainingTask task, Sizes sizes, int batch, double learningRate) {
        return new TrainingRecipe(
                configuration(task, sizes),
                batch,
                /* epochs= */ 10,
                /* patience= */ 3,
                learningRate,
                RateSchedule.HALVING);
    }

    private static ObjectNode configuration(TrainingTask task, Sizes sizes) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("architecture", "timesnet");
        config.put("model", "TimesNet");
        config.put("task_name", task.name());
        config.put("seq_len", sizes.length);
        config.put("pred_len", sizes.horizon);
        config.put("enc_in", task.channels().size());
        config.put("c_out", task.channels().size());
        config.put("d_model", sizes.width);
        config.put("d_ff", sizes.hiddenWidth);
        config.put("e_layers", 2);
        config.put("top_k", sizes.periods);
        config.put("num_kernels", 6);
        if (task.name().equals("imputation")) {
            config.put("missing", "line");
        }
        config.put("embed", "timeF");
        config.put("freq", frequency(task.rate()));
        config.put("dropout", 0.1);
        config.put("num_class", task.classes().size());
        if (!task.classes().isEmpty()) {
            task.classes().forEach(config.putArray("classes")::add);
        }
        config.put("layer_norm_eps", EPSILON);
        config.put("normalisation_eps", EPSILON);
        config.put("gelu", "erf");
        config.put("positional_embedding_max_len", POSITIONS);
        config.put("kind", "model");
        config.putArray("inputs").add("x_enc").add("x_mark_enc").add("mask");
        config.putObject("tolerance")
                .put("metric", "maxAbs")
                .put("value", CASE_TOLERANCE)
                .put("integers", "exact");
        return config;
    }

    /** The finest {@code freq} whose features change from sample to sample. */
    private static String frequency(SampleRate rate) {
        double period = 1 / rate.hertz();
        if (period < MINUTE) {
            return "s";
        } else if (period < HOUR) {
            return "t";
        } else if (period < DAY) {
            return "h";
        } else if (period < WEEK) {
            return "d";
        }
        return period < 4 * WEEK ? "w" : "m";
    }
}
