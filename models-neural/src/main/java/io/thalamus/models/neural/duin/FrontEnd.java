/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Patch embeddings of windows, one window after the other: a library may choose its routine for a
 * convolution, and with it the rounding, by how many images there are. A window has rows enough, so
 * that little is lost.
 */
final class FrontEnd implements AutoCloseable {
    /** Products of matrices of fewer rows than these are rounded otherwise than those of more. */
    private static final int ROWS = 16;

    private final ModelSignature signature;
    private final DuinConfig config;
    private final int leastBatch;
    private final FrontInput input;
    private final Segment segment;
    private final StreamModulator modulator;
    private final List<Tensor> inputs = new ArrayList<>();
    private final Tensor patches = Tensor.empty();
    private float[][] statistics = {};

    FrontEnd(
            ModelSignature signature,
            DuinConfig config,
            DuinWeights weights,
            GraphEngine engine,
            StreamModulator modulator) {
        this.signature = signature;
        this.config = config;
        leastBatch = (ROWS + config.patches() - 1) / config.patches();
        input = new FrontInput(Projections.in(config, weights));
        segment =
                new Segment(
                        new DuinGraphs(config, weights, modulator).patches(config.patches()),
                        engine);
        this.modulator = modulator;
        inputs.add(input.signals());
        inputs.add(input.matrices());
        inputs.addAll(modulator.inputs());
    }

    /**
     * The patch embeddings of a batch, {@code [B, patches, width]}; and zeros behind them where the
     * whole has fewer rows than products of matrices need.
     */
    Tensor patches(List<ModelInput> batch) {
        input.resize(1, signature.windowLength());
        patches.reshape(Math.max(batch.size(), leastBatch), config.patches(), config.token());
        Arrays.fill(patches.data(), 0);
        Tensor one = segment.output(DuinGraphs.PATCHES);
        statistics = new float[batch.size()][0];
        for (int i = 0; i < batch.size(); i++) {
            SignalFrame window = batch.get(i).window();
            requireSize(window);
            input.set(0, window.samples(), signature.subjects().require(window.streamId()));
            modulator.set(batch.get(i).fastWeights());
            segment.run(inputs);
            if (modulator.isPresent()) {
                statistics[i] = modulator.statistics(segment.output(DuinGraphs.FIRST));
            }
            System.arraycopy(one.data(), 0, patches.data(), i * one.size(), one.size());
        }
        return patches;
    }

    /**
     * A model's own output of a window of the last batch, with the statistics of the first layer's
     * output behind it, where streams can learn.
     */
    float[] withStatistics(int window, float[] output) {
        return StreamModulator.withStatistics(output, statistics[window]);
    }

    /** Why a window cannot be used: it has no channel in which nothing is missing. */
    static Optional<String> objectionToValues(SignalFrame window) {
        int length = window.length();
        float[] samples = window.samples();
        for (int channel = 0; channel < window.channels().size(); channel++) {
            int t = 0;
            while (t < length && Float.isFinite(samples[channel * length + t])) {
                t++;
            }
            if (t == length) {
                return Optional.empty();
            }
        }
        return Optional.of("values are missing in every channel");
    }

    private void requireSize(SignalFrame window) {
        int channels = window.channels().size();
        if (channels != signature.channels() || window.length() != signature.windowLength()) {
            throw new IllegalArgumentException(
                    "windows of %d channels and %d samples are wanted, not of %d and %d"
                            .formatted(
                                    signature.channels(),
                                    signature.windowLength(),
                                    channels,
                                    window.length()));
        }
    }

    @Override
    public void close() {
        segment.close();
    }
}
