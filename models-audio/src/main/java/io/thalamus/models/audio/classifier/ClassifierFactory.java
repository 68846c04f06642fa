/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.models.audio.classifier.ClassifierStep.Modulators;
import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.adaptation.EntropyFilter;
import io.thalamus.operators.adaptation.Homeostat;
import io.thalamus.operators.adaptation.HomeostaticLearning;
import io.thalamus.operators.adaptation.Normalisation;
import io.thalamus.operators.adaptation.Plasticity;
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
        ClassifierConfig config = ClassifierConfig.of(bundle.config());
        switch (settings.rule()) {
            case HOMEOSTAT -> homeostat(bundle, settings);
            case STATISTICS, TENT, NHL, NHL_FIRST -> {
                List<NormLayer> norms =
                        NormLayer.among(new ClassifierLayers(config, bundle).between());
                checkNorms(bundle, settings, norms);
                checkPending(config, settings);
            }
            default ->
                    throw new InvalidInputException(
                            ("%s: networks of the architecture %s do not learn by %s; give"
                                            + " homeostat, statistics, tent, nhl or nhl-first")
                                    .formatted(bundle.folder(), architecture(), settings.rule()));
        }
    }

    private static void checkNorms(
            ModelBundle bundle, AdaptationSettings settings, List<NormLayer> norms) {
        boolean statistics = settings.rule() == AdaptationSettings.Rule.STATISTICS;
        if (norms.stream().noneMatch(norm -> !statistics || norm instanceof BatchNorm)) {
            throw new InvalidInputException(
                    "%s has no %s, of which its streams could learn; give homeostat"
                            .formatted(
                                    bundle.folder(),
                                    statistics ? "batch normalisation" : "normalisation"));
        }
    }

    private static void checkPending(ClassifierConfig config, AdaptationSettings settings) {
        long bytes = (long) Float.BYTES * config.channels() * config.length();
        long waiting = (settings.batch() - 1) * bytes;
        if (waiting > settings.pendingBudget()) {
            throw new InvalidInputException(
                    ("%d windows that wait to be learned from take %d bytes, more than the budget"
                                    + " of %d; learn from at most %d at once, or raise it")
                            .formatted(
                                    settings.batch() - 1,
                                    waiting,
                                    settings.pendingBudget(),
                                    settings.pendingBudget() / bytes + 1));
        }
    }

    @Override
    public Plasticity plasticity(
            ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        checkAdaptation(bundle, settings);
        if (settings.rule() == AdaptationSettings.Rule.HOMEOSTAT) {
            return homeostat(bundle, settings);
        }
        ClassifierConfig config = ClassifierConfig.of(bundle.config());
        var network = new ClassifierNetwork(config, bundle, engine, /* learns= */ true);
        var step =
                new ClassifierStep(
                        network,
                        engine,
                        new ClassifierStep.Settings(
                                settings.batch(),
                                hebbianRate(network, settings),
                                switch (settings.rule()) {
                                    case STATISTICS -> Modulators.NONE;
                                    case NHL_FIRST -> Modulators.FIRST;
                                    default -> Modulators.ALL;
                                },
                                settings.rate(),
                                EntropyFilter.NONE,
                                Normalisation.EMA,
                                Homeostat.alpha(settings.alpha(), settings.batch())));
        return new ClassifierPlasticity(step, settings.batch());
    }

    /**
     * 0 where the weights of the first layer are not to learn, or are more than a stream may have.
     */
    private static double hebbianRate(ClassifierNetwork network, AdaptationSettings settings) {
        long bytes = (long) Float.BYTES * network.first().weight().source().length;
        boolean fits = bytes * (1 + settings.guards().snapshots()) <= settings.weightBudget();
        return switch (settings.rule()) {
            case NHL, NHL_FIRST -> fits ? settings.hebbianRate() : 0;
            default -> 0;
        };
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
