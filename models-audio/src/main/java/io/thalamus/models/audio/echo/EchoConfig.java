/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.BundleConfig;

/**
 * The hyper-parameters of a network, checked.
 *
 * @param sampleRate in hertz, {@code sample_rate}
 * @param frame samples of a frame, {@code n_fft}; frames are half of one another's
 * @param inputPower what the magnitudes of the spectra are raised to, {@code input_power}
 * @param stem complex channels of the first layer, {@code stem_channels}
 * @param growth complex channels of a group, {@code growth}
 * @param layers layers of an inner block, {@code d2_layers}
 * @param inner inner blocks of a block, {@code d2_per_d3}
 * @param blocks {@code d3_blocks}
 * @param causal whether a frame depends on none after it, {@code time_mode}
 * @param epsilon added to variances, {@code bn_eps}
 */
record EchoConfig(
        int sampleRate,
        int frame,
        double inputPower,
        int stem,
        int growth,
        int layers,
        int inner,
        int blocks,
        boolean causal,
        double epsilon) {

    private static final String WINDOW = "sqrt_hann_periodic";
    private static final String CAUSAL = "causal";
    private static final double EPSILON = 1e-5;

    static EchoConfig of(BundleConfig config) {
        int frame = config.integer("n_fft", 2);
        if (frame % 2 != 0 || config.integer("hop", 1) != frame / 2) {
            throw config.wrong("hop", "half of an even n_fft");
        }
        if (!config.text("window").equals(WINDOW)) {
            throw config.wrong("window", WINDOW);
        }
        String mode = config.text("time_mode");
        if (!mode.equals(CAUSAL) && !mode.equals("symmetric")) {
            throw config.wrong("time_mode", "causal or symmetric");
        }
        double power = config.number("input_power", 1);
        if (power <= 0) {
            throw config.wrong("input_power", "more than 0");
        }
        return new EchoConfig(
                config.integer("sample_rate", 1),
                frame,
                power,
                config.integer("stem_channels", 1),
                config.integer("growth", 1),
                config.integer("d2_layers", 1),
                config.integer("d2_per_d3", 1),
                config.integer("d3_blocks", 1),
                mode.equals(CAUSAL),
                config.number("bn_eps", EPSILON));
    }

    /** Samples from frame to frame. */
    int hop() {
        return frame / 2;
    }

    /** Frequencies of a spectrum. */
    int bins() {
        return frame / 2 + 1;
    }
}
