/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.BundleConfig;
import java.util.Arrays;
import java.util.Optional;

/**
 * The hyper-parameters of a network, checked.
 *
 * @param task what the network is for
 * @param inputLength samples of a window, {@code seq_len}
 * @param horizon samples of a forecast, {@code pred_len}
 * @param channels {@code enc_in} and {@code c_out}, which are the same
 * @param width features of a sample inside the network, {@code d_model}
 * @param hiddenWidth features between the two convolutions of a block, {@code d_ff}
 * @param layers blocks, {@code e_layers}
 * @param periods periods along which a block folds, {@code top_k}
 * @param kernels convolutions of sizes 1, 3, 5 ... that a block averages, {@code num_kernels}
 * @param marks the time features, {@code freq}
 * @param positions rows of the position code, {@code positional_embedding_max_len}
 * @param normalisationEpsilon added to the variance of a window
 * @param layerNormEpsilon added to the variance of a sample's features
 */
record TimesNetConfig(
        Task task,
        int inputLength,
        int horizon,
        int channels,
        int width,
        int hiddenWidth,
        int layers,
        int periods,
        int kernels,
        TimeMarks marks,
        int positions,
        double normalisationEpsilon,
        double layerNormEpsilon) {

    private static final int POSITIONS = 5000;
    private static final double EPSILON = 1e-5;

    /** What a network is for: {@code task_name}. */
    enum Task {
        LONG_TERM_FORECAST(true),
        SHORT_TERM_FORECAST(false);

        private final boolean timeMarks;

        Task(boolean timeMarks) {
            this.timeMarks = timeMarks;
        }

        /** Whether the network is told the time of each sample. */
        boolean takesTimeMarks() {
            return timeMarks;
        }
    }

    /**
     * Reads a configuration.
     *
     * @throws io.thalamus.schemas.InvalidInputException if a field is missing or not usable
     */
    static TimesNetConfig of(BundleConfig config) {
        int inputLength = config.integer("seq_len", 2);
        int horizon = config.integer("pred_len", 1);
        if (horizon > Integer.MAX_VALUE - inputLength) {
            throw config.wrong("pred_len", "small enough to be added to seq_len");
        }
        int channels = config.integer("enc_in", 1);
        if (config.integer("c_out", 1) != channels) {
            throw config.wrong("c_out", "enc_in, which is " + channels);
        }
        int width = config.integer("d_model", 2);
        if (width % 2 != 0) {
            throw config.wrong("d_model", "even");
        }
        int periods = config.integer("top_k", 1);
        int mostPeriods = (inputLength + horizon) / 2;
        if (periods > mostPeriods) {
            throw config.wrong(
                    "top_k", "at most (seq_len + pred_len) / 2, which is " + mostPeriods);
        }
        int positions =
                config.has("positional_embedding_max_len")
                        ? config.integer("positional_embedding_max_len", 1)
                        : POSITIONS;
        if (inputLength > positions) {
            throw config.wrong(
                    "seq_len", "at most positional_embedding_max_len, which is " + positions);
        }
        requireIfThere(config, "embed", "timeF");
        requireIfThere(config, "gelu", "erf");
        return new TimesNetConfig(
                task(config),
                inputLength,
                horizon,
                channels,
                width,
                config.integer("d_ff", 1),
                config.integer("e_layers", 1),
                periods,
                config.integer("num_kernels", 1),
                marks(config),
                positions,
                epsilon(config, "normalisation_eps"),
                epsilon(config, "layer_norm_eps"));
    }

    private static Task task(BundleConfig config) {
        String name = config.text("task_name");
        return Arrays.stream(Task.values())
                .filter(task -> task.name().toLowerCase(java.util.Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                config.wrong(
                                        "task_name", "long_term_forecast or short_term_forecast"));
    }

    private static TimeMarks marks(BundleConfig config) {
        Optional<TimeMarks> marks = TimeMarks.of(config.text("freq"));
        return marks.orElseThrow(() -> config.wrong("freq", "one of " + TimeMarks.codes()));
    }

    private static void requireIfThere(BundleConfig config, String field, String wanted) {
        if (config.has(field) && !config.text(field).equals(wanted)) {
            throw config.wrong(field, "\"" + wanted + "\"");
        }
    }

    private static double epsilon(BundleConfig config, String field) {
        double epsilon = config.number(field, EPSILON);
        if (epsilon <= 0) {
            throw config.wrong(field, "positive");
        }
        return epsilon;
    }

    /** Time features that the network is told of each sample. */
    int timeMarks() {
        return task.takesTimeMarks() ? marks.count() : 0;
    }

    /** Samples that the blocks work on: the window and its continuation. */
    int length() {
        return inputLength + horizon;
    }
}
