/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
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
        new MaskGraph(config, new EchoWeights(bundle, config.epsilon())).build(false);
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        EchoConfig config = EchoConfig.of(bundle.config());
        ModelSignature signature = signature(bundle, config);
        EchoWeights weights = new EchoWeights(bundle, config.epsilon());
        MaskGraph graph = new MaskGraph(config, weights).build(/* withTaps= */ false);
        return new EchoCanceller(signature, config, new MaskNetwork(config, graph, engine));
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        EchoConfig config = EchoConfig.of(bundle.config());
        return new EchoCases(config, new EchoWeights(bundle, config.epsilon()), engine);
    }
}
