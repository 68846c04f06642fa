/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The hyper-parameters of a network, checked.
 *
 * @param task what the network is for
 * @param inputLength samples of a window, {@code seq_len}
 * @param horizon samples of a forecast, {@code pred_len}; 0 for other tasks
 * @param channels {@code enc_in}, and {@code c_out} unless classes come out
 * @param classes their names, {@code classes}; none but for a classification
 * @param width features of a sample inside the network, {@code d_model}
 * @param hiddenWidth features between the two convolutions of a block, {@code d_ff}
 * @param layers blocks, {@code e_layers}
 * @param periods periods along which a block folds, {@code top_k}
 * @param kernels convolutions of sizes 1, 3, 5 ... that a block averages, {@code num_kernels}
 * @param linear whether what is missing is put on the line between its neighbours, to which the
 *     network adds, {@code missing}; else it counts as the mean
 * @param marks what the network is told of the time, {@code embed} and {@code freq}
 * @param positions rows of the position code, {@code positional_embedding_max_len}
 * @param normalisationEpsilon added to the variance of a window
 * @param layerNormEpsilon added to the variance of a sample's features
 */
record TimesNetConfig(
        Task task,
        int inputLength,
        int horizon,
        int channels,
        List<String> classes,
        int width,
        int hiddenWidth,
        int layers,
        int periods,
        int kernels,
        boolean linear,
        TimeMarks marks,
        int positions,
        double normalisationEpsilon,
        double layerNormEpsilon) {

    private static final float[][] NO_MARKS = {};
    private static final int POSITIONS = 5000;
    private static final double EPSILON = 1e-5;

    /** What a network is for: {@code task_name}. */
    enum Task {
        LONG_TERM_FORECAST(Forecast.class, true),
        SHORT_TERM_FORECAST(Forecast.class, false),
        IMPUTATION(SignalFrame.class, true),
        ANOMALY_DETECTION(AnomalyScore.class, false),
        CLASSIFICATION(Classification.class, false);

        private final Class<? extends WireRecord> result;
        private final boolean timeMarks;

        Task(Class<? extends WireRecord> result, boolean timeMarks) {
            this.result = result;
            this.timeMarks = timeMarks;
        }

        /** The record that comes of a window. */
        Class<? extends WireRecord> result() {
            return result;
        }

        /** Whether the network is told the time of each sample. */
        boolean takesTimeMarks() {
            return timeMarks;
        }

        /** Whether what comes out lies past the window. */
        boolean forecasts() {
            return result == Forecast.class;
        }

        /** Whether what comes out is a class, and no samples. */
        boolean classifies() {
            return result == Classification.class;
        }

        private String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads a configuration.
     *
     * @throws io.thalamus.schemas.InvalidInputException if a field is missing or not usable
     */
    static TimesNetConfig of(BundleConfig config) {
        Task task = task(config);
        int inputLength = config.integer("seq_len", 2);
        int horizon = horizon(config, task);
        if (horizon > Integer.MAX_VALUE - inputLength) {
            throw config.wrong("pred_len", "small enough to be added to seq_len");
        }
        int channels = config.integer("enc_in", 1);
        if (!task.classifies() && config.integer("c_out", 1) != channels) {
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
                    "top_k",
                    "at most %s, which is %d"
                            .formatted(
                                    task.forecasts() ? "(seq_len + pred_len) / 2" : "seq_len / 2",
                                    mostPeriods));
        }
        int positions =
                config.has("positional_embedding_max_len")
                        ? config.integer("positional_embedding_max_len", 1)
                        : POSITIONS;
        if (inputLength > positions) {
            throw config.wrong(
                    "seq_len", "at most positional_embedding_max_len, which is " + positions);
        }
        requireIfThere(config, "gelu", "erf");
        return new TimesNetConfig(
                task,
                inputLength,
                horizon,
                channels,
                task.classifies() ? classes(config) : List.of(),
                width,
                config.integer("d_ff", 1),
                config.integer("e_layers", 1),
                periods,
                config.integer("num_kernels", 1),
                linear(config, task),
                task.takesTimeMarks() ? marks(config) : TimeMarks.none(),
                positions,
                epsilon(config, "normalisation_eps"),
                epsilon(config, "layer_norm_eps"));
    }

    private static int horizon(BundleConfig config, Task task) {
        if (task.forecasts()) {
            return config.integer("pred_len", 1);
        }
        if (config.has("pred_len") && config.integer("pred_len", 0) != 0) {
            throw config.wrong("pred_len", "0 or left out for " + task.code());
        }
        return 0;
    }

    private static boolean linear(BundleConfig config, Task task) {
        if (task != Task.IMPUTATION || !config.has("missing")) {
            return false;
        }
        return switch (config.text("missing")) {
            case "line" -> true;
            case "mean" -> false;
            default -> throw config.wrong("missing", "one of [mean, line]");
        };
    }

    private static List<String> classes(BundleConfig config) {
        int count = config.integer("num_class", 2);
        if (!config.has("classes")) {
            return IntStream.range(0, count).mapToObj(Integer::toString).toList();
        }
        List<String> classes = config.texts("classes");
        if (classes.size() != count || new HashSet<>(classes).size() != count) {
            throw config.wrong(
                    "classes", "a list of %d different names, as num_class says".formatted(count));
        }
        return classes;
    }

    private static Task task(BundleConfig config) {
        String name = config.text("task_name");
        return Arrays.stream(Task.values())
                .filter(task -> task.code().equals(name))
                .findFirst()
                .orElseThrow(() -> config.wrong("task_name", "one of " + taskNames()));
    }

    private static List<String> taskNames() {
        return Arrays.stream(Task.values()).map(Task::code).toList();
    }

    private static TimeMarks marks(BundleConfig config) {
        String embed = config.has("embed") ? config.text("embed") : "timeF";
        return TimeMarks.of(
                TimeMarks.Embedding.of(embed)
                        .orElseThrow(
                                () ->
                                        config.wrong(
                                                "embed", "one of " + TimeMarks.Embedding.codes())),
                TimeMarks.Frequency.of(config.text("freq"))
                        .orElseThrow(
                                () ->
                                        config.wrong(
                                                "freq", "one of " + TimeMarks.Frequency.codes())));
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

    /** What the network is told of the time of each sample of these windows; none if nothing is. */
    float[][] timeFeatures(List<SignalFrame> windows) {
        if (!task.takesTimeMarks()) {
            return NO_MARKS;
        }
        return windows.stream()
                .map(window -> marks.of(window.startNanos(), window.rate(), window.length()))
                .toArray(float[][]::new);
    }

    /** Samples that the blocks work on: the window and its continuation. */
    int length() {
        return inputLength + horizon;
    }
}
