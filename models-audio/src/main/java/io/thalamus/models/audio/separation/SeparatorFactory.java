/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
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
        new SeparatorGraph(config, bundle, LEAST_FRAMES, name -> false);
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        SeparatorConfig config = SeparatorConfig.of(bundle.config());
        SeparatorNetwork network =
                new SeparatorNetwork(config, bundle, engine, config.window(), name -> false);
        return new SpeechSeparator(signature(bundle, config), config, network);
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        return new SeparatorCases(SeparatorConfig.of(bundle.config()), bundle, engine);
    }
}
