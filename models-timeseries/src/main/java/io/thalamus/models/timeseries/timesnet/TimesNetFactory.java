/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;

/** Opens bundles whose {@code architecture} is {@code timesnet}. */
public final class TimesNetFactory implements ModelFactory {

    @Override
    public String architecture() {
        return "timesnet";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return signature(bundle, TimesNetConfig.of(bundle.config()));
    }

    private static ModelSignature signature(ModelBundle bundle, TimesNetConfig config) {
        return new ModelSignature(
                bundle.name(),
                config.channels(),
                bundle.channelNames(),
                config.inputLength(),
                config.horizon(),
                /* acceptsMissing= */ config.task() == TimesNetConfig.Task.IMPUTATION,
                /* carriesState= */ false,
                config.task().result());
    }

    @Override
    public void check(ModelBundle bundle) {
        TimesNetConfig config = TimesNetConfig.of(bundle.config());
        signature(bundle, config);
        TimesNetWeights.load(bundle, config);
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        TimesNetConfig config = TimesNetConfig.of(bundle.config());
        TimesNetWeights weights = TimesNetWeights.load(bundle, config);
        return new TimesNet(
                signature(bundle, config),
                config,
                new Network(config, weights, engine, Trace.off()));
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        TimesNetConfig config = TimesNetConfig.of(bundle.config());
        TimesNetWeights weights = TimesNetWeights.load(bundle, config);
        return new TimesNetCases(config, weights, engine);
    }
}
