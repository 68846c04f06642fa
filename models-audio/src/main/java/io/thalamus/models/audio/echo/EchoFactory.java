/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;

/** Opens bundles whose {@code architecture} is {@code complex-d3net}. */
public final class EchoFactory implements ModelFactory {

    @Override
    public String architecture() {
        return "complex-d3net";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        throw bundle.config().wrong("architecture", "one that runs in a pipeline");
    }

    @Override
    public void check(ModelBundle bundle) {
        EchoConfig config = EchoConfig.of(bundle.config());
        new MaskGraph(config, new EchoWeights(bundle, config.epsilon()), false);
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        throw bundle.config().wrong("architecture", "one that runs in a pipeline");
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        EchoConfig config = EchoConfig.of(bundle.config());
        return new EchoCases(config, new EchoWeights(bundle, config.epsilon()), engine);
    }
}
