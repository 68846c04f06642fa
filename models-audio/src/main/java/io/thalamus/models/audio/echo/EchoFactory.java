/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.Calibration;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.ModulatedSignal;
import io.thalamus.operators.inference.SignalCalibration;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Subjects;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;

/** Opens bundles whose {@code architecture} is {@code complex-d3net}. */
public final class EchoFactory implements ModelFactory {
    /** Microphone and far end. */
    private static final int CHANNELS = 2;

    @Override
    public String architecture() {
        return "complex-d3net";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return signature(bundle, EchoConfig.of(bundle.config()));
    }

    private static ModelSignature signature(ModelBundle bundle, EchoConfig config) {
        if (!config.causal()) {
            throw bundle.config().wrong("time_mode", "causal for a network that runs on streams");
        }
        return new ModelSignature(
                bundle.name(),
                CHANNELS,
                List.of(),
                Subjects.any(),
                SampleRate.ofHertz(config.sampleRate()),
                config.frame(),
                config.hop(),
                /* horizon= */ 0,
                /* acceptsMissing= */ false,
                /* carriesState= */ true,
                SignalFrame.class);
    }

    @Override
    public void check(ModelBundle bundle) {
        EchoConfig config = EchoConfig.of(bundle.config());
        EchoWeights weights = new EchoWeights(bundle, config.epsilon());
        AdaptationSettings any = AdaptationSettings.nhl();
        new MaskGraph(config, weights, modulator(config, bundle, weights, any)).build(false);
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        return open(bundle, engine, AdaptationSettings.nhl());
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        EchoConfig config = EchoConfig.of(bundle.config());
        EchoWeights weights = new EchoWeights(bundle, config.epsilon());
        return open(config, bundle, weights, engine, modulator(config, bundle, weights, settings));
    }

    private static StreamModulator modulator(
            EchoConfig config,
            ModelBundle bundle,
            EchoWeights weights,
            AdaptationSettings settings) {
        return stem(config).modulator(bundle, settings, () -> new Stem(config, weights).kernel());
    }

    private static StreamModel open(
            EchoConfig config,
            ModelBundle bundle,
            EchoWeights weights,
            GraphEngine engine,
            StreamModulator modulator) {
        ModelSignature signature = signature(bundle, config);
        MaskGraph graph = new MaskGraph(config, weights, modulator).build(/* withTaps= */ false);
        MaskNetwork network = new MaskNetwork(config, graph, engine, modulator);
        return new EchoCanceller(signature, config, network, modulator);
    }

    /** What the first convolution gives, whose statistics stand behind the voice. */
    private static ModulatedSignal stem(EchoConfig config) {
        return new ModulatedSignal(
                Stem.NAME, config.stem(), /* complex= */ true, new EchoJudge(config.hop()));
    }

    @Override
    public void checkAdaptation(ModelBundle bundle, AdaptationSettings settings) {
        plasticity(bundle, settings);
    }

    @Override
    public Plasticity plasticity(
            ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        return plasticity(bundle, settings);
    }

    private static Plasticity plasticity(ModelBundle bundle, AdaptationSettings settings) {
        EchoConfig config = EchoConfig.of(bundle.config());
        return stem(config)
                .plasticity(
                        bundle,
                        settings,
                        () ->
                                new Stem(config, new EchoWeights(bundle, config.epsilon()))
                                        .plastic());
    }

    @Override
    public Calibration calibrate(ModelBundle bundle, GraphEngine engine) {
        EchoConfig config = EchoConfig.of(bundle.config());
        EchoWeights weights = new EchoWeights(bundle, config.epsilon());
        ModulatedSignal signal = stem(config);
        return new SignalCalibration(
                signal, open(config, bundle, weights, engine, signal.measuring()));
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        EchoConfig config = EchoConfig.of(bundle.config());
        return new EchoCases(config, new EchoWeights(bundle, config.epsilon()), engine);
    }
}
