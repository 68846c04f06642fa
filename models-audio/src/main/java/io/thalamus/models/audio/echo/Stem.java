/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.adaptation.Axis;
import io.thalamus.operators.adaptation.ComplexPlasticConvolution;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.adaptation.PlasticLayer;
import io.thalamus.operators.inference.StreamKernel;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.SignalFrame;
import java.util.Map;
import java.util.Optional;

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

    /** As it sees those frames of a window that have all before them there; of fewer nothing. */
    PlasticLayer plastic() {
        return new ComplexPlasticConvolution(
                REAL, IMAGINARY, new float[][] {re, im}, config.stem(), new Features(config)::of);
    }

    /** What the layer is given; buffers for windows of one length. */
    private static final class Features {
        private final EchoConfig config;
        private final Analysis analysis;
        private final Tensor features = Tensor.empty();
        private int frames;
        private Cancellation spectra;
        private ComplexPlasticConvolution.Sample sample;

        Features(EchoConfig config) {
            this.config = config;
            this.analysis = new Analysis(config);
        }

        Optional<ComplexPlasticConvolution.Sample> of(SignalFrame window) {
            if (window.length() / config.hop() - 1 < KERNEL) {
                return Optional.empty();
            }
            if (frames != window.length() / config.hop() - 1) {
                resize(window.length() / config.hop() - 1);
            }
            analysis.of(window, 1, spectra);
            spectra.features(config.inputPower(), features);
            int size = frames * config.bins();
            for (int i = 0; i < INPUTS; i++) {
                int at = i * size;
                System.arraycopy(features.data(), 2 * i * size, sample.re(), at, size);
                System.arraycopy(features.data(), (2 * i + 1) * size, sample.im(), at, size);
            }
            return Optional.of(sample);
        }

        private void resize(int count) {
            frames = count;
            spectra = Cancellation.of(frames, config.bins());
            features.reshape(1, 2 * INPUTS, frames, config.bins());
            Axis overFrames = new Axis(frames, KERNEL, 1, 0, 1);
            Axis overBins = new Axis(config.bins(), KERNEL, 1, KERNEL / 2, 1);
            Patches patches = new Patches(INPUTS, overFrames, overBins);
            sample =
                    new ComplexPlasticConvolution.Sample(
                            patches,
                            new float[patches.inputSize()],
                            new float[patches.inputSize()]);
        }
    }
}
