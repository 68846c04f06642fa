/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.adaptation.HomeostaticLearning;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.adaptation.ShiftGate;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.Calibration;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.InvalidInputException;
import java.util.List;
import java.util.Optional;

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
        var layers = new ClassifierLayers(config, bundle);
        sourceStatistics(bundle, config, layers.first().neurons());
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        ClassifierConfig config = ClassifierConfig.of(bundle.config());
        var network = new ClassifierNetwork(config, bundle, engine, /* learns= */ false);
        return new Classifier(
                signature(bundle, config),
                config,
                network,
                sourceStatistics(bundle, config, network.first().neurons()));
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
        if (settings.rule() == AdaptationSettings.Rule.HOMEOSTAT) {
            homeostat(bundle, settings);
        } else {
            BatchRule.check(ClassifierConfig.of(bundle.config()), bundle, settings);
        }
    }

    @Override
    public Plasticity plasticity(
            ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        if (settings.rule() == AdaptationSettings.Rule.HOMEOSTAT) {
            return homeostat(bundle, settings);
        }
        ClassifierConfig config = ClassifierConfig.of(bundle.config());
        ClassifierPlasticity rule = BatchRule.open(config, bundle, engine, settings);
        if (settings.rule() == AdaptationSettings.Rule.STATISTICS) {
            return rule;
        }
        return sourceStatistics(bundle, config, config.first().integer("out", 1))
                .<Plasticity>map(
                        source ->
                                new ShiftGate(
                                        rule, source, settings.alpha(), config.classes().size()))
                .orElse(rule);
    }

    private static Plasticity homeostat(ModelBundle bundle, AdaptationSettings settings) {
        ClassifierConfig config = ClassifierConfig.of(bundle.config());
        int neurons = config.first().integer("out", 1);
        ChannelStatistics source =
                sourceStatistics(bundle, config, neurons)
                        .orElseThrow(
                                () ->
                                        new InvalidInputException(
                                                ("%s has no %s, which the homeostat needs; make it"
                                                                + " with thalamus calibrate")
                                                        .formatted(
                                                                bundle.folder(),
                                                                ModelBundle.SOURCE_STATISTICS)));
        return new HomeostaticLearning(
                source.mean(), source.variance(), settings.alpha(), config.classes().size());
    }

    /** Those of the first layer's output in training, if the bundle has them. */
    private static Optional<ChannelStatistics> sourceStatistics(
            ModelBundle bundle, ClassifierConfig config, int neurons) {
        String signal = config.first().text("name") + "_out";
        Optional<Safetensors> stored = bundle.sourceStatistics();
        return stored.map(
                tensors ->
                        new ChannelStatistics(
                                statistic(bundle, tensors, signal + ".mean", neurons),
                                statistic(bundle, tensors, signal + ".var", neurons)));
    }

    private static float[] statistic(
            ModelBundle bundle, Safetensors stored, String name, int neurons) {
        float[] values = stored.tensor(name).data();
        if (values.length != neurons) {
            throw new InvalidInputException(
                    "%s: %s of %s has %d values where the first layer has %d channels"
                            .formatted(
                                    bundle.folder(),
                                    name,
                                    ModelBundle.SOURCE_STATISTICS,
                                    values.length,
                                    neurons));
        }
        return values;
    }
}
