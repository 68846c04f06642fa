/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.inference.BundleConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The hyper-parameters of a network, {@code model_params}, checked.
 *
 * @param model which of the three networks it is, {@code model}
 * @param subjects {@code n_subjects}
 * @param channels {@code n_channels}
 * @param length samples of a window, {@code seq_len}
 * @param patch samples of a patch, {@code seg_len}
 * @param width features of a sample behind the subject's projection, {@code subj.d_output}
 * @param biased whether that projection has a bias, {@code subj.use_bias}
 * @param layers the convolutions of a patch, {@code tokenizer}
 * @param encoder the transformer behind them, {@code encoder}
 * @param quantizer {@code vq}; null for a mask model, and for words if there is none
 * @param decoder the transformer behind the quantizer, {@code decoder}; null but for a vqvae
 * @param upsampling the transposed convolutions behind that, {@code rgs}; none but for a vqvae
 * @param backBiased whether the projection to the channels has a bias, {@code desubj.use_bias}
 * @param hidden widths of the hidden layers of the head, {@code cls.d_hidden}; none for a vqvae
 * @param outputs of the head, {@code cls.n_labels} or {@code cls.n_tokens}; 0 for a vqvae
 * @param contrast width of the contrastive projection, {@code contra.d_contra}; 0 if there is none
 * @param maskRatio what part of the patches is masked, {@code mask_ratio}; 0 but for a mask model
 */
record DuinConfig(
        Model model,
        int subjects,
        int channels,
        int length,
        int patch,
        int width,
        boolean biased,
        List<Layer> layers,
        Transformer encoder,
        Codebook quantizer,
        Transformer decoder,
        List<Layer> upsampling,
        boolean backBiased,
        List<Integer> hidden,
        int outputs,
        int contrast,
        double maskRatio) {

    /** Which network it is. */
    enum Model {
        /** Signals to codes and back. */
        VQVAE,
        /** The codes of patches that are hidden; it is for training alone. */
        MAE,
        /** Signals to words. */
        CLS
    }

    /**
     * A convolution over time, or a transposed one.
     *
     * @param pool how many of its steps are averaged to one
     * @param normalised whether a batch normalisation follows it
     */
    record Layer(int filters, int kernel, int stride, int dilation, int pool, boolean normalised) {}

    /**
     * A stack of blocks.
     *
     * @param blocks {@code n_blocks}
     * @param heads {@code n_heads}
     * @param headWidth {@code d_head}; in all not the width of a token
     * @param hidden width between the two dense layers of a block, {@code d_ff}
     */
    record Transformer(int blocks, int heads, int headWidth, int hidden) {}

    /**
     * The codes.
     *
     * @param size how many, {@code codex_size}
     * @param width of one, {@code d_codex}
     * @param beta the weight of the distance to it in the loss
     */
    record Codebook(int size, int width, double beta) {}

    /**
     * Reads a configuration.
     *
     * @throws io.thalamus.schemas.InvalidInputException if a field is missing or not usable
     */
    static DuinConfig of(BundleConfig bundle) {
        Model model = model(bundle);
        BundleConfig config = bundle.section("model_params");
        int patch = config.integer("seg_len", 1);
        int length = config.integer("seq_len", 1);
        if (length % patch != 0) {
            throw config.wrong("seq_len", "a multiple of seg_len");
        }
        int channels = config.integer("n_channels", 1);
        BundleConfig subject = projection(config.section("subj"), channels, -1);
        int width = subject.integer("d_output", 1);
        BundleConfig tokenizer = config.section("tokenizer");
        List<Layer> layers = layers(tokenizer, /* transposed= */ false);
        BundleConfig encoder = config.section("encoder");
        int token = encoder.integer("d_model", 2);
        if (steps(layers, patch) * layers.get(layers.size() - 1).filters() != token) {
            throw tokenizer.wrong(
                    "n_filters",
                    "such that what comes of a patch has d_model = %d values".formatted(token));
        }
        boolean reconstructs = model == Model.VQVAE;
        BundleConfig head = reconstructs ? null : config.section("cls");
        List<Layer> upsampling = List.of();
        boolean backBiased = false;
        if (reconstructs) {
            upsampling = upsampling(config.section("rgs"), patch, width);
            backBiased = projection(config.section("desubj"), width, channels).flag("use_bias");
        }
        double ratio = model == Model.MAE ? config.number("mask_ratio") : 0;
        if (ratio < 0 || ratio > 1) {
            throw config.wrong("mask_ratio", "from 0 to 1");
        }
        return new DuinConfig(
                model,
                config.integer("n_subjects", 1),
                channels,
                length,
                patch,
                width,
                subject.flag("use_bias"),
                layers,
                transformer(encoder),
                hasCodes(model, config) ? codebook(config.section("vq")) : null,
                reconstructs ? transformer(config.section("decoder")) : null,
                upsampling,
                backBiased,
                reconstructs ? List.of() : integers(head, "d_hidden"),
                outputs(model, head),
                model == Model.CLS && config.has("contra")
                        ? config.section("contra").integer("d_contra", 1)
                        : 0,
                ratio);
    }

    private static Model model(BundleConfig bundle) {
        String name = bundle.text("model");
        for (Model model : Model.values()) {
            if (model.name().toLowerCase(Locale.ROOT).equals(name)) {
                return model;
            }
        }
        throw bundle.wrong("model", "vqvae, mae or cls");
    }

    private static boolean hasCodes(Model model, BundleConfig config) {
        return model == Model.VQVAE || (model == Model.CLS && config.has("vq"));
    }

    private static int outputs(Model model, BundleConfig head) {
        return switch (model) {
            case VQVAE -> 0;
            case MAE -> head.integer("n_tokens", 2);
            case CLS -> head.integer("n_labels", 2);
        };
    }

    /** A projection between a subject's channels and what all subjects share. */
    private static BundleConfig projection(BundleConfig config, int in, int out) {
        if (config.integer("d_input", 1) != in) {
            throw config.wrong("d_input", "%d, as of what goes in".formatted(in));
        }
        if (out >= 0 && config.integer("d_output", 1) != out) {
            throw config.wrong("d_output", "%d, as n_channels".formatted(out));
        }
        refuse(config, "use_proj");
        return config;
    }

    private static Transformer transformer(BundleConfig config) {
        refuse(config, "res_attn");
        refuse(config, "norm_first");
        if (config.has("rot_theta")) {
            throw config.wrong("rot_theta", "null, as positions are told by a fixed table");
        }
        return new Transformer(
                config.integer("n_blocks", 1),
                config.integer("n_heads", 1),
                config.integer("d_head", 1),
                config.integer("d_ff", 1));
    }

    private static void refuse(BundleConfig config, String option) {
        if (config.flag(option)) {
            throw config.wrong(option, "false, as of the published networks");
        }
    }

    private static Codebook codebook(BundleConfig config) {
        return new Codebook(
                config.integer("codex_size", 1),
                config.integer("d_codex", 1),
                config.number("beta", 1));
    }

    private static List<Layer> upsampling(BundleConfig config, int patch, int width) {
        if (!integers(config, "d_hidden").isEmpty()) {
            throw config.wrong("d_hidden", "empty, as of the published networks");
        }
        if (config.integer("d_neural", 1) != width) {
            throw config.wrong("d_neural", "%d, as subj.d_output".formatted(width));
        }
        List<Layer> layers = layers(config, /* transposed= */ true);
        int product = 1;
        for (Layer layer : layers) {
            product = Math.multiplyExact(product, layer.stride());
            int reach = layer.dilation() * (layer.kernel() - 1) + 1;
            if (reach < layer.stride() - 1) {
                throw config.wrong(
                        "kernel_sizes",
                        "such that none is more than one sample shorter than its stride");
            }
        }
        if (product != patch) {
            throw config.wrong(
                    "n_strides", "such that their product is seg_len = %d".formatted(patch));
        }
        return layers;
    }

    private static List<Layer> layers(BundleConfig config, boolean transposed) {
        List<Integer> filters = integers(config, "n_filters");
        List<Integer> kernels = integers(config, "kernel_sizes");
        List<Integer> strides = integers(config, "n_strides");
        List<Integer> dilations = integers(config, "dilation_rates");
        List<Integer> pools = transposed ? List.of() : integers(config, "pool_sizes");
        if (filters.isEmpty()) {
            throw config.wrong("n_filters", "a list of at least one number");
        }
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            if (!transposed && one(config, "use_res", flags(config, "use_res"), filters, i)) {
                throw config.wrong("use_res", "false throughout");
            }
            layers.add(
                    new Layer(
                            filters.get(i),
                            one(config, "kernel_sizes", kernels, filters, i),
                            one(config, "n_strides", strides, filters, i),
                            one(config, "dilation_rates", dilations, filters, i),
                            transposed ? 1 : one(config, "pool_sizes", pools, filters, i),
                            !transposed
                                    && one(config, "use_bn", flags(config, "use_bn"), filters, i)));
        }
        return List.copyOf(layers);
    }

    /** An element of a list that must have as many as there are filters. */
    private static <T> T one(
            BundleConfig config, String field, List<T> list, List<Integer> filters, int index) {
        if (list.size() != filters.size()) {
            throw config.wrong(field, "a list as long as n_filters");
        }
        return list.get(index);
    }

    private static List<Integer> integers(BundleConfig config, String field) {
        List<Integer> integers = new ArrayList<>();
        for (double number : config.numbers(field)) {
            if (number < 1 || number != Math.rint(number) || number > Integer.MAX_VALUE) {
                throw config.wrong(field, "a list of whole numbers of at least 1");
            }
            integers.add((int) number);
        }
        return List.copyOf(integers);
    }

    private static List<Boolean> flags(BundleConfig config, String field) {
        List<Boolean> flags = new ArrayList<>();
        for (JsonNode node : config.root().path(field)) {
            if (!node.isBoolean()) {
                throw config.wrong(field, "a list of true and false");
            }
            flags.add(node.booleanValue());
        }
        return flags;
    }

    /** Steps that the convolutions make of a patch. */
    private static int steps(List<Layer> layers, int patch) {
        int steps = patch;
        for (Layer layer : layers) {
            steps = TimeKernel.steps(layer, steps);
        }
        return steps;
    }

    /** Patches of a window. */
    int patches() {
        return length / patch;
    }

    /** Steps that the convolutions make of a patch. */
    int steps() {
        return steps(layers, patch);
    }

    /** Features of a patch, {@code d_model}. */
    int token() {
        return steps() * layers.get(layers.size() - 1).filters();
    }
}
