/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

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
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;

/** Opens bundles whose {@code architecture} is {@code mossformer2}. */
public final class SeparatorFactory implements ModelFactory {
    /** Of a graph that is built to check the weights, which do not depend on their number. */
    private static final int LEAST_FRAMES = 2;

    @Override
    public String architecture() {
        return "mossformer2";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return signature(bundle, SeparatorConfig.of(bundle.config()));
    }

    private static ModelSignature signature(ModelBundle bundle, SeparatorConfig config) {
        return new ModelSignature(
                bundle.name(),
                /* channels= */ 1,
                List.of(),
                SampleRate.ofHertz(config.sampleRate()),
                config.window(),
                /* horizon= */ 0,
                /* acceptsMissing= */ false,
                /* carriesState= */ true,
                SignalFrame.class);
    }

    @Override
    public void check(ModelBundle bundle) {
        SeparatorConfig config = SeparatorConfig.of(bundle.config());
        AdaptationSettings any = AdaptationSettings.nhl();
        new SeparatorGraph(
                config, bundle, LEAST_FRAMES, name -> false, modulator(config, bundle, any));
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        return open(bundle, engine, AdaptationSettings.nhl());
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        SeparatorConfig config = SeparatorConfig.of(bundle.config());
        return open(config, bundle, engine, modulator(config, bundle, settings));
    }

    private static StreamModulator modulator(
            SeparatorConfig config, ModelBundle bundle, AdaptationSettings settings) {
        return responses(config)
                .modulator(bundle, settings, () -> new Encoder(config, bundle).kernel());
    }

    private static StreamModel open(
            SeparatorConfig config,
            ModelBundle bundle,
            GraphEngine engine,
            StreamModulator modulator) {
        SeparatorNetwork network =
                new SeparatorNetwork(
                        config,
                        bundle,
                        engine,
                        config.window(),
                        name -> modulator.isPresent() && name.equals(SeparatorGraph.RESPONSES),
                        modulator);
        return new SpeechSeparator(signature(bundle, config), config, network, modulator);
    }

    /** What the encoder's filters give, whose statistics stand behind the voices. */
    private static ModulatedSignal responses(SeparatorConfig config) {
        return new ModulatedSignal(
                "encoder",
                config.channels(),
                /* complex= */ false,
                new MixtureJudge(config.speakers()));
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
        SeparatorConfig config = SeparatorConfig.of(bundle.config());
        return responses(config)
                .plasticity(bundle, settings, () -> new Encoder(config, bundle).plastic());
    }

    @Override
    public Calibration calibrate(ModelBundle bundle, GraphEngine engine) {
        SeparatorConfig config = SeparatorConfig.of(bundle.config());
        ModulatedSignal signal = responses(config);
        return new SignalCalibration(signal, open(config, bundle, engine, signal.measuring()));
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        return new SeparatorCases(SeparatorConfig.of(bundle.config()), bundle, engine);
    }
}
