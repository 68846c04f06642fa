/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.Calibration;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModulatedSignal;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Statistics of the standardised input and of the first layer's output. */
final class ClassifierCalibration implements Calibration {
    private final ClassifierConfig config;
    private final ClassifierNetwork network;
    private final float[] centre;
    private final float[] scale;
    private final ChannelMoments input;
    private final ChannelMoments output;

    ClassifierCalibration(ClassifierConfig config, ModelBundle bundle, GraphEngine engine) {
        this.config = config;
        network = new ClassifierNetwork(config, bundle, engine, /* learns= */ false);
        Safetensors stored = bundle.weights();
        centre = stored.tensor(config.standardise().text("mean")).data();
        scale = stored.tensor(config.standardise().text("std")).data();
        input = new ChannelMoments(config.channels());
        output = new ChannelMoments(network.first().neurons());
    }

    @Override
    public void add(SignalFrame window) {
        float[] samples = window.samples();
        network.features(1);
        network.standardise(samples, 0, 0);
        Tensor maps = network.runFirst(List.of(FastWeights.none()));
        input.add(samples, config.length());
        output.add(maps.data(), maps.dimension(3));
    }

    @Override
    public Map<String, Tensor> statistics() {
        float[] ones = new float[network.first().neurons()];
        Arrays.fill(ones, 1);
        ModulatedSignal signal = ClassifierFactory.firstOutput(config);
        return Map.of(
                "input.mean",
                mean(input, centre, scale),
                "input.var",
                variance(input, scale),
                signal.meanName(),
                mean(output, new float[ones.length], ones),
                signal.varianceName(),
                variance(output, ones));
    }

    private static Tensor mean(ChannelMoments moments, float[] centre, float[] scale) {
        float[] means = new float[scale.length];
        for (int channel = 0; channel < means.length; channel++) {
            means[channel] = moments.mean(channel, centre[channel], scale[channel]);
        }
        return Tensor.of(means, means.length);
    }

    private static Tensor variance(ChannelMoments moments, float[] scale) {
        float[] variances = new float[scale.length];
        for (int channel = 0; channel < variances.length; channel++) {
            variances[channel] = moments.variance(channel, scale[channel]);
        }
        return Tensor.of(variances, variances.length);
    }

    @Override
    public void close() {
        network.close();
    }
}
