/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The weights of a network as its graphs use them.
 *
 * @param tensors by the reference's names, but for the embedding, which is merged; those of linear
 *     maps as convolutions {@code [out, in, 1, taps]}, the position code cut to {@code
 *     [inputLength, width]}
 * @param inceptions the two merged convolutions of each block
 */
record TimesNetWeights(Map<String, Tensor> tensors, List<Inceptions> inceptions) {
    static final String EMBEDDING = "embedding.weight";
    static final String POSITION = "enc_embedding.position_embedding.pe";
    static final String PREDICT_WEIGHT = "predict_linear.weight";
    static final String PREDICT_BIAS = "predict_linear.bias";
    static final String NORM_WEIGHT = "layer_norm.weight";
    static final String NORM_BIAS = "layer_norm.bias";
    static final String PROJECTION_WEIGHT = "projection.weight";
    static final String PROJECTION_BIAS = "projection.bias";

    private static final String TOKEN = "enc_embedding.value_embedding.tokenConv.weight";
    private static final String TIME = "enc_embedding.temporal_embedding.";
    private static final int TOKEN_TAPS = 3;

    /** The convolutions of one block: width to hidden width, and back. */
    record Inceptions(MergedKernel widen, MergedKernel narrow) {}

    /**
     * Reads the weights that the configuration calls for; others are let lie.
     *
     * @throws io.thalamus.schemas.InvalidInputException if one is missing or of another shape
     */
    static TimesNetWeights load(ModelBundle bundle, TimesNetConfig config) {
        Safetensors file = bundle.weights();
        int width = config.width();
        int channels = config.channels();
        Map<String, Tensor> tensors = new HashMap<>();
        tensors.put(EMBEDDING, embedding(bundle, file, config));
        if (config.task().forecasts()) {
            int input = config.inputLength();
            Tensor predict = bundle.weight(file, PREDICT_WEIGHT, config.length(), input);
            tensors.put(PREDICT_WEIGHT, pointwise(predict));
            tensors.put(PREDICT_BIAS, bundle.weight(file, PREDICT_BIAS, config.length()));
        }
        tensors.put(NORM_WEIGHT, bundle.weight(file, NORM_WEIGHT, width));
        tensors.put(NORM_BIAS, bundle.weight(file, NORM_BIAS, width));
        boolean classifies = config.task().classifies();
        int outputs = classifies ? config.classes().size() : channels;
        int inputs = classifies ? Math.multiplyExact(config.length(), width) : width;
        tensors.put(
                PROJECTION_WEIGHT,
                pointwise(bundle.weight(file, PROJECTION_WEIGHT, outputs, inputs)));
        tensors.put(PROJECTION_BIAS, bundle.weight(file, PROJECTION_BIAS, outputs));
        tensors.put(POSITION, position(bundle, file, config));
        List<Inceptions> inceptions = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            String prefix = "model." + layer + ".conv.";
            int hidden = config.hiddenWidth();
            int kernels = config.kernels();
            inceptions.add(
                    new Inceptions(
                            MergedKernel.load(bundle, file, prefix + 0, hidden, width, kernels),
                            MergedKernel.load(bundle, file, prefix + 2, width, hidden, kernels)));
        }
        return new TimesNetWeights(Map.copyOf(tensors), List.copyOf(inceptions));
    }

    /**
     * The token convolution, and the map of the time features as further channels of it, whose
     * kernels have nothing but their centre.
     */
    private static Tensor embedding(ModelBundle bundle, Safetensors file, TimesNetConfig config) {
        int width = config.width();
        Tensor token = bundle.weight(file, TOKEN, width, config.channels(), TOKEN_TAPS);
        int features = config.marks().count();
        int row = (config.channels() + features) * TOKEN_TAPS;
        float[] merged = new float[Tensor.size(width, row)];
        int tokenRow = config.channels() * TOKEN_TAPS;
        for (int out = 0; out < width; out++) {
            System.arraycopy(token.data(), out * tokenRow, merged, out * row, tokenRow);
        }
        int centre = tokenRow + TOKEN_TAPS / 2;
        if (config.marks().isTables()) {
            for (CalendarField field : config.marks().fields()) {
                int rows = TimeMarks.rows(field);
                Tensor table = bundle.weight(file, table(config.marks(), field), rows, width);
                for (int i = 0; i < rows; i++, centre += TOKEN_TAPS) {
                    for (int out = 0; out < width; out++) {
                        merged[out * row + centre] = table.data()[i * width + out];
                    }
                }
            }
        } else if (features > 0) {
            Tensor time = bundle.weight(file, TIME + "embed.weight", width, features);
            for (int i = 0; i < features; i++, centre += TOKEN_TAPS) {
                for (int out = 0; out < width; out++) {
                    merged[out * row + centre] = time.data()[out * features + i];
                }
            }
        }
        return Tensor.of(merged, width, config.channels() + features, 1, TOKEN_TAPS);
    }

    /** The name of the table that a field picks its rows from. */
    private static String table(TimeMarks marks, CalendarField field) {
        String unit =
                switch (field) {
                    case QUARTER_OF_HOUR -> "minute";
                    case DAY_OF_MONTH -> "day";
                    default -> field.name().toLowerCase(Locale.ROOT);
                };
        boolean fixed = marks.embedding() == TimeMarks.Embedding.FIXED;
        return TIME + unit + (fixed ? "_embed.emb.weight" : "_embed.weight");
    }

    /** A matrix as a convolution whose kernel has one tap. */
    private static Tensor pointwise(Tensor matrix) {
        return Tensor.of(matrix.data(), matrix.dimension(0), matrix.dimension(1), 1, 1);
    }

    private static Tensor position(ModelBundle bundle, Safetensors file, TimesNetConfig config) {
        int rows = config.inputLength();
        int width = config.width();
        float[] code;
        if (file.names().contains(POSITION)) {
            Tensor stored = bundle.weight(file, POSITION, 1, config.positions(), width);
            code = Arrays.copyOf(stored.data(), rows * width);
        } else {
            code = positionCode(rows, width);
        }
        return Tensor.of(code, rows, width);
    }

    /** Sines and cosines of falling frequencies in turn, for positions 0, 1, 2 ... */
    static float[] positionCode(int rows, int width) {
        float[] code = new float[Tensor.size(rows, width)];
        for (int t = 0; t < rows; t++) {
            for (int i = 0; i < width; i += 2) {
                double angle = t * Math.exp(-i * Math.log(10_000) / width);
                code[t * width + i] = (float) Math.sin(angle);
                code[t * width + i + 1] = (float) Math.cos(angle);
            }
        }
        return code;
    }
}
