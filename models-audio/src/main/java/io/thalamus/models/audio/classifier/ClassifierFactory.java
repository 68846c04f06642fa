/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.adaptation.ShiftGate;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.Calibration;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.ModulatedSignal;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.Classification;
import java.util.List;

/** Opens bundles whose {@code architecture} is {@code conv1d-classifier}. */
public final class ClassifierFactory implements ModelFactory {

    @Override
    public String architecture() {
        return "conv1d-classifier";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return signature(bundle, ClassifierConfig.of(bundle.config()));
    }

    private static ModelSignature signature(ModelBundle bundle, ClassifierConfig config) {
        return new ModelSignature(
                bundle.name(),
                config.channels(),
                List.of(),
                config.rate(),
                config.length(),
                /* horizon= */ 0,
                /* acceptsMissing= */ false,
                /* carriesState= */ false,
                Classification.class);
    }

    @Override
    public void check(ModelBundle bundle) {
        ClassifierConfig config = ClassifierConfig.of(bundle.config());
        new ClassifierLayers(config, bundle);
        firstOutput(config).source(bundle);
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        ClassifierConfig config = ClassifierConfig.of(bundle.config());
        var network = new ClassifierNetwork(config, bundle, engine, /* learns= */ false);
        return new Classifier(
                signature(bundle, config), config, network, firstOutput(config).source(bundle));
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        return new ClassifierCases(ClassifierConfig.of(bundle.config()), bundle, engine);
    }

    @Override
    public Calibration calibrate(ModelBundle bundle, GraphEngine engine) {
        return new ClassifierCalibration(ClassifierConfig.of(bundle.config()), bundle, engine);
    }

    @Override
    public void checkAdaptation(ModelBundle bundle, AdaptationSettings settings) {
        ClassifierConfig config = ClassifierConfig.of(bundle.config());
        if (settings.rule() == AdaptationSettings.Rule.HOMEOSTAT) {
            firstOutput(config).homeostat(bundle, settings);
        } else {
            BatchRule.check(config, bundle, settings);
        }
    }

    @Override
    public Plasticity plasticity(
            ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        ClassifierConfig config = ClassifierConfig.of(bundle.config());
        ModulatedSignal signal = firstOutput(config);
        if (settings.rule() == AdaptationSettings.Rule.HOMEOSTAT) {
            return signal.homeostat(bundle, settings);
        }
        ClassifierPlasticity rule = BatchRule.open(config, bundle, engine, settings);
        boolean follows = settings.rule() != AdaptationSettings.Rule.STATISTICS;
        if (!follows || !settings.guards().gate()) {
            return rule;
        }
        return signal.source(bundle)
                .<Plasticity>map(source -> new ShiftGate(rule, source, settings.alpha()))
                .orElse(rule);
    }

    /** The first layer's output, whose statistics stand behind the logits. */
    static ModulatedSignal firstOutput(ClassifierConfig config) {
        return new ModulatedSignal(
                config.first().text("name") + "_out",
                config.first().integer("out", 1),
                /* complex= */ false,
                ClassifierPlasticity.judge(config.classes().size()));
    }
}
