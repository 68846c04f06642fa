/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.schemas.InvalidInputException;

/**
 * The hyper-parameters of a network, checked.
 *
 * @param sampleRate in hertz, {@code sample_rate}
 * @param kernel samples of a frame, {@code encoder_kernel_size}
 * @param stride samples from frame to frame, {@code encoder_stride}
 * @param channels of the encoder and of the sequence, {@code encoder_dim}
 * @param layers {@code num_layers}
 * @param speakers {@code num_speakers}
 * @param group frames that attend to one another, {@code group_size}
 * @param width of queries and keys, {@code query_key_dim}
 * @param hidden channels of values and gates together, {@code expansion_factor} times the channels
 * @param memory channels of the memory, {@code fsmn_inner_channels}
 * @param order frames that the memory reaches to either side, {@code fsmn_lorder}
 * @param depthwise taps of the units' convolutions, {@code depthwise_kernel}
 * @param rotated dimensions of queries and keys that are rotated, at most {@code rotary_dim_max}
 * @param masks whether the outputs are masks on the encoder's, not channels themselves: the
 *     contrary of {@code skip_mask_multiplication}
 * @param window samples of a stream that the network is given at once, {@code window_samples}
 * @param epsilons {@code eps}
 */
record SeparatorConfig(
        int sampleRate,
        int kernel,
        int stride,
        int channels,
        int layers,
        int speakers,
        int group,
        int width,
        int hidden,
        int memory,
        int order,
        int depthwise,
        int rotated,
        boolean masks,
        int window,
        Epsilons epsilons) {
    private static final int DENSE_DEPTH = 2;
    private static final double WINDOW_SECONDS = 4;

    /**
     * What keeps the normalisations from dividing by zero.
     *
     * @param global of the norms over all frames and channels
     * @param last of the norm behind the last layer
     * @param memory of the norms over the channels of the memory
     * @param instance of the norms over time
     * @param floor the least root mean square that a frame is divided by
     */
    record Epsilons(double global, double last, double memory, double instance, double floor) {
        private static Epsilons of(BundleConfig config) {
            if (!config.has("eps")) {
                return new Epsilons(1e-8, 1e-6, 1e-5, 1e-5, 1e-5);
            }
            BundleConfig given = config.section("eps");
            double global = positive(given, "masknet_norm", 1e-8);
            if (positive(given, "intra_norm", global) != global) {
                throw given.wrong("intra_norm", "equal to masknet_norm");
            }
            return new Epsilons(
                    global,
                    positive(given, "final_layernorm", 1e-6),
                    positive(given, "fsmn_layernorms", 1e-5),
                    positive(given, "instance_norm", 1e-5),
                    positive(given, "scalenorm_floor", 1e-5));
        }

        private static double positive(BundleConfig config, String field, double otherwise) {
            double value = config.number(field, otherwise);
            if (value <= 0) {
                throw config.wrong(field, "more than 0");
            }
            return value;
        }
    }

    static SeparatorConfig of(BundleConfig config) {
        int kernel = config.integer("encoder_kernel_size", 2);
        int stride = config.integer("encoder_stride", 1);
        if (stride > kernel) {
            throw config.wrong("encoder_stride", "at most encoder_kernel_size");
        }
        int channels = config.integer("encoder_dim", 2);
        if (channels % 2 != 0) {
            throw config.wrong("encoder_dim", "even");
        }
        double expansion = config.number("expansion_factor", 4);
        double hidden = expansion * channels;
        if (hidden < 2 || hidden > Integer.MAX_VALUE || hidden % 2 != 0) {
            throw config.wrong(
                    "expansion_factor", "such that it makes the channels an even number");
        }
        if (config.integer("fsmn_dense_depth", 1) != DENSE_DEPTH) {
            throw config.wrong("fsmn_dense_depth", "2");
        }
        int memory = config.integer("fsmn_inner_channels", 2);
        int depthwise = config.integer("depthwise_kernel", 1);
        if (depthwise % 2 == 0) {
            throw config.wrong("depthwise_kernel", "odd");
        }
        int width = config.integer("query_key_dim", 1);
        int rotated = Math.min(config.integer("rotary_dim_max", 2), width);
        if (rotated % 2 != 0) {
            throw config.wrong("rotary_dim_max", "such that an even number of dimensions turns");
        }
        int rate = config.integer("sample_rate", 1);
        int least = kernel + stride;
        return new SeparatorConfig(
                rate,
                kernel,
                stride,
                channels,
                config.integer("num_layers", 1),
                config.integer("num_speakers", 1),
                config.integer("group_size", 1),
                width,
                (int) hidden,
                memory,
                config.integer("fsmn_lorder", 1),
                depthwise,
                rotated,
                !config.flag("skip_mask_multiplication"),
                config.has("window_samples")
                        ? config.integer("window_samples", least)
                        : Math.max(least, (int) (WINDOW_SECONDS * rate)),
                Epsilons.of(config));
    }

    /**
     * The frames of a signal; what is behind the last whole one is not seen.
     *
     * @throws InvalidInputException if there are fewer than two, which have no variance over time
     */
    int frames(int samples) {
        if (samples < kernel + stride) {
            throw new InvalidInputException(
                    "a separation needs at least %d samples, two frames, not %d"
                            .formatted(kernel + stride, samples));
        }
        return (samples - kernel) / stride + 1;
    }
}
