/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.models.neural.duin.DuinConfig.Layer;
import io.thalamus.operators.adaptation.Axis;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.adaptation.PlasticConvolution;
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
    private final float[] source;

    FirstConvolution(DuinConfig config, DuinWeights weights) {
        this.config = config;
        this.weights = weights;
        this.layer = config.layers().get(0);
        this.source =
                weights.weight(DuinWeights.FIRST, layer.filters(), config.width(), layer.kernel())
                        .data();
    }

    /** With its normalisation, as graphs take it. */
    StreamKernel kernel() {
        double[] factors = weights.factors(DuinWeights.FIRST_BLOCK, layer);
        return new StreamKernel(
                Map.of(DuinWeights.FIRST, source),
                DuinWeights.scaled(layer, source, factors).kernel().shape(),
                own ->
                        DuinWeights.scaled(layer, own.get(DuinWeights.FIRST), factors)
                                .kernel()
                                .data());
    }

    /**
     * As it sees windows, each patch by itself. With a stride of one and an even number of taps it
     * sees one step less than the layer gives, as it has as many zeros behind a patch as before it.
     */
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
        return new PlasticConvolution(DuinWeights.FIRST, source, patches, projected(subjects));
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
