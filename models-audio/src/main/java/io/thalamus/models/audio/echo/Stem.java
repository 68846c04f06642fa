/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.adaptation.Axis;
import io.thalamus.operators.adaptation.ComplexHebbianConvolution;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.adaptation.PlasticLayer;
import io.thalamus.operators.inference.StreamKernel;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.SignalFrame;
import java.util.Map;

/** The first layer: a complex convolution over frames and bins of microphone and far end. */
final class Stem {
    static final String NAME = "stem";
    static final int INPUTS = 2;
    static final int KERNEL = 3;

    private static final String REAL = EchoWeights.real(NAME);
    private static final String IMAGINARY = EchoWeights.imaginary(NAME);

    private final EchoConfig config;
    private final float[] re;
    private final float[] im;

    Stem(EchoConfig config, EchoWeights weights) {
        this.config = config;
        this.re = weights.values(REAL, config.stem(), INPUTS, KERNEL, KERNEL);
        this.im = weights.values(IMAGINARY, config.stem(), INPUTS, KERNEL, KERNEL);
    }

    StreamKernel kernel() {
        return new StreamKernel(
                Map.of(REAL, re, IMAGINARY, im),
                new int[] {2 * config.stem(), 2 * INPUTS, KERNEL, KERNEL},
                own ->
                        EchoWeights.blocks(
                                own.get(REAL), own.get(IMAGINARY), config.stem(), INPUTS));
    }

    /** As it sees the frames of a window, with silence before them. */
    PlasticLayer plastic() {
        return new ComplexHebbianConvolution(
                REAL, IMAGINARY, new float[][] {re, im}, config.stem(), new Features(config)::of);
    }

    /** What the layer is given; buffers for windows of one length. */
    private static final class Features {
        private static final int BEFORE = KERNEL - 1;

        private final EchoConfig config;
        private final Analysis analysis;
        private final Tensor features = Tensor.empty();
        private int frames;
        private Cancellation spectra;
        private ComplexHebbianConvolution.Sample sample;

        Features(EchoConfig config) {
            this.config = config;
            this.analysis = new Analysis(config);
        }

        ComplexHebbianConvolution.Sample of(SignalFrame window) {
            if (frames != window.length() / config.hop() - 1) {
                resize(window.length() / config.hop() - 1);
            }
            analysis.of(window, 1, spectra);
            spectra.features(config.inputPower(), features);
            int size = frames * config.bins();
            int padding = BEFORE * config.bins();
            for (int i = 0; i < INPUTS; i++) {
                int at = i * (padding + size) + padding;
                System.arraycopy(features.data(), 2 * i * size, sample.re(), at, size);
                System.arraycopy(features.data(), (2 * i + 1) * size, sample.im(), at, size);
            }
            return sample;
        }

        private void resize(int count) {
            frames = count;
            spectra = Cancellation.of(frames, config.bins());
            features.reshape(1, 2 * INPUTS, frames, config.bins());
            Axis overFrames = new Axis(BEFORE + frames, KERNEL, 1, 0, 1);
            Axis overBins = new Axis(config.bins(), KERNEL, 1, KERNEL / 2, 1);
            Patches patches = new Patches(INPUTS, overFrames, overBins);
            sample =
                    new ComplexHebbianConvolution.Sample(
                            patches,
                            new float[patches.inputSize()],
                            new float[patches.inputSize()]);
        }
    }
}
