/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.NamedWeights;
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

    static final String TOKEN = "enc_embedding.value_embedding.tokenConv.weight";
    private static final String TIME = "enc_embedding.temporal_embedding.";
    private static final String TIME_MATRIX = TIME + "embed.weight";
    static final String FIXED_TABLE = "_embed.emb.weight";
    static final String LEARNED_TABLE = "_embed.weight";
    static final int TOKEN_TAPS = 3;

    /** The convolutions of one block: width to hidden width, and back. */
    record Inceptions(MergedKernel widen, MergedKernel narrow) {}

    /**
     * Reads the weights that the configuration calls for; others are let lie.
     *
     * @throws io.thalamus.schemas.InvalidInputException if one is missing or of another shape
     */
    static TimesNetWeights load(ModelBundle bundle, TimesNetConfig config) {
        return of(NamedWeights.of(bundle), config);
    }

    /** Takes the weights that the configuration calls for. */
    static TimesNetWeights of(NamedWeights source, TimesNetConfig config) {
        int width = config.width();
        int channels = config.channels();
        Map<String, Tensor> tensors = new HashMap<>();
        tensors.put(EMBEDDING, embedding(source, config));
        if (config.task().forecasts()) {
            int input = config.inputLength();
            Tensor predict = source.weight(PREDICT_WEIGHT, config.length(), input);
            tensors.put(PREDICT_WEIGHT, pointwise(predict));
            tensors.put(PREDICT_BIAS, source.weight(PREDICT_BIAS, config.length()));
        }
        tensors.put(NORM_WEIGHT, source.weight(NORM_WEIGHT, width));
        tensors.put(NORM_BIAS, source.weight(NORM_BIAS, width));
        boolean classifies = config.task().classifies();
        int outputs = classifies ? config.classes().size() : channels;
        int inputs = classifies ? Math.multiplyExact(config.length(), width) : width;
        tensors.put(
                PROJECTION_WEIGHT, pointwise(source.weight(PROJECTION_WEIGHT, outputs, inputs)));
        tensors.put(PROJECTION_BIAS, source.weight(PROJECTION_BIAS, outputs));
        tensors.put(POSITION, position(source, config));
        List<Inceptions> inceptions = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            String prefix = prefix(layer);
            int hidden = config.hiddenWidth();
            int kernels = config.kernels();
            inceptions.add(
                    new Inceptions(
                            MergedKernel.load(source, prefix + 0, hidden, width, kernels),
                            MergedKernel.load(source, prefix + 2, width, hidden, kernels)));
        }
        return new TimesNetWeights(Map.copyOf(tensors), List.copyOf(inceptions));
    }

    private static String prefix(int layer) {
        return "model." + layer + ".conv.";
    }

    /** The name of a kernel that is merged into the first or second convolution of a block. */
    static String kernel(int layer, boolean first, int number) {
        return prefix(layer) + (first ? 0 : 2) + MergedKernel.KERNELS + number;
    }

    /**
     * The token convolution, and the map of the time features as further channels of it, whose
     * kernels have nothing but their centre; and features of zeros added to whole blocks.
     */
    private static Tensor embedding(NamedWeights source, TimesNetConfig config) {
        int width = config.width();
        Tensor token = source.weight(TOKEN, width, config.channels(), TOKEN_TAPS);
        int features = config.marks().count();
        int row = (config.channels() + features) * TOKEN_TAPS;
        int blocks = FoldConvolutions.wholeBlocks(width);
        float[] merged = new float[Tensor.size(blocks, row)];
        int tokenRow = config.channels() * TOKEN_TAPS;
        for (int out = 0; out < width; out++) {
            System.arraycopy(token.data(), out * tokenRow, merged, out * row, tokenRow);
        }
        int centre = tokenRow + TOKEN_TAPS / 2;
        if (config.marks().isTables()) {
            for (CalendarField field : config.marks().fields()) {
                int rows = TimeMarks.rows(field);
                Tensor table = source.weight(table(config.marks(), field), rows, width);
                for (int i = 0; i < rows; i++, centre += TOKEN_TAPS) {
                    for (int out = 0; out < width; out++) {
                        merged[out * row + centre] = table.data()[i * width + out];
                    }
                }
            }
        } else if (features > 0) {
            Tensor time = source.weight(TIME_MATRIX, width, features);
            for (int i = 0; i < features; i++, centre += TOKEN_TAPS) {
                for (int out = 0; out < width; out++) {
                    merged[out * row + centre] = time.data()[out * features + i];
                }
            }
        }
        return Tensor.of(merged, blocks, config.channels() + features, 1, TOKEN_TAPS);
    }

    /**
     * The weights of the token convolution as the bundle has them, {@code [width, channels, 3]}.
     */
    float[] token(TimesNetConfig config) {
        Tensor merged = tensors.get(EMBEDDING);
        int row = merged.size() / merged.dimension(0);
        int tokenRow = config.channels() * TOKEN_TAPS;
        float[] token = new float[config.width() * tokenRow];
        for (int out = 0; out < config.width(); out++) {
            System.arraycopy(merged.data(), out * row, token, out * tokenRow, tokenRow);
        }
        return token;
    }

    /**
     * Cuts a gradient by the merged embedding into those by the weights that were merged.
     *
     * @param byName the gradients to set, by the reference's names; others are let lie
     */
    static void splitEmbedding(Tensor merged, TimesNetConfig config, Map<String, Tensor> byName) {
        int width = config.width();
        int row = merged.size() / merged.dimension(0);
        int tokenRow = config.channels() * TOKEN_TAPS;
        for (int out = 0; out < width; out++) {
            System.arraycopy(
                    merged.data(), out * row, byName.get(TOKEN).data(), out * tokenRow, tokenRow);
        }
        int centre = tokenRow + TOKEN_TAPS / 2;
        if (config.marks().isTables()) {
            for (CalendarField field : config.marks().fields()) {
                Tensor table = byName.get(table(config.marks(), field));
                for (int i = 0; i < TimeMarks.rows(field); i++, centre += TOKEN_TAPS) {
                    for (int out = 0; table != null && out < width; out++) {
                        table.data()[i * width + out] = merged.data()[out * row + centre];
                    }
                }
            }
        } else {
            int features = config.marks().count();
            for (int i = 0; i < features; i++, centre += TOKEN_TAPS) {
                for (int out = 0; out < width; out++) {
                    byName.get(TIME_MATRIX).data()[out * features + i] =
                            merged.data()[out * row + centre];
                }
            }
        }
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
        return TIME + unit + (fixed ? FIXED_TABLE : LEARNED_TABLE);
    }

    /** A matrix as a convolution whose kernel has one tap. */
    private static Tensor pointwise(Tensor matrix) {
        return Tensor.of(matrix.data(), matrix.dimension(0), matrix.dimension(1), 1, 1);
    }

    private static Tensor position(NamedWeights source, TimesNetConfig config) {
        int rows = config.inputLength();
        int width = config.width();
        float[] code;
        if (source.has(POSITION)) {
            Tensor stored = source.weight(POSITION, 1, config.positions(), width);
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
