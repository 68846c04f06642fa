/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.models.neural.duin.DuinConfig.Layer;
import io.thalamus.operators.adaptation.Axis;
import io.thalamus.operators.adaptation.HebbianConvolution;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.adaptation.PlasticLayer;
import io.thalamus.operators.inference.StreamKernel;
import io.thalamus.operators.inference.Subjects;
import io.thalamus.schemas.SignalFrame;
import java.util.Map;
import java.util.function.Function;

/** The first layer that streams learn: the one behind that of the subject. */
final class FirstConvolution {
    private final DuinConfig config;
    private final DuinWeights weights;
    private final Layer layer;

    FirstConvolution(DuinConfig config, DuinWeights weights) {
        this.config = config;
        this.weights = weights;
        this.layer = config.layers().get(0);
    }

    private float[] source() {
        return weights.weight(DuinWeights.FIRST, layer.filters(), config.width(), layer.kernel())
                .data();
    }

    /** With its normalisation, as graphs take it. */
    StreamKernel kernel() {
        TimeKernel whole = weights.folded(DuinWeights.FIRST_BLOCK, layer, config.width()).kernel();
        return new StreamKernel(
                Map.of(DuinWeights.FIRST, source()),
                whole.kernel().shape(),
                own ->
                        weights.with(DuinWeights.FIRST, own.get(DuinWeights.FIRST))
                                .folded(DuinWeights.FIRST_BLOCK, layer, config.width())
                                .kernel()
                                .kernel()
                                .data());
    }

    /** As it sees windows, each patch by itself. */
    PlasticLayer plastic(Subjects subjects) {
        Patches patches =
                new Patches(
                        config.width(),
                        new Axis(config.patches(), 1, 1, 0, 1),
                        new Axis(
                                config.patch(),
                                layer.kernel(),
                                layer.stride(),
                                TimeKernel.left(layer),
                                layer.dilation()));
        return new HebbianConvolution(DuinWeights.FIRST, source(), patches, projected(subjects));
    }

    /** Windows in the space of all subjects, {@code [width, samples]}. */
    private Function<SignalFrame, float[]> projected(Subjects subjects) {
        FrontInput input = new FrontInput(Projections.in(config, weights));
        int length = config.patches() * config.patch();
        input.resize(1, length);
        float[] projected = new float[config.width() * length];
        return window -> {
            input.set(0, window.samples(), subjects.require(window.streamId()));
            input.project(projected);
            return projected;
        };
    }
}
