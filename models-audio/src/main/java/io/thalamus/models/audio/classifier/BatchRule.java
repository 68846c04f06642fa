/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.models.audio.classifier.ClassifierStep.Modulators;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Homeostat;
import io.thalamus.operators.adaptation.Moments;
import io.thalamus.operators.adaptation.Normalisation;
import io.thalamus.operators.adaptation.ShiftGate;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.AdaptationSettings.Rule;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.schemas.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rules by which a classifier's streams learn from batches, made of the settings. */
final class BatchRule {
    private BatchRule() {}

    /**
     * Refuses what a network has nothing for, and what would not fit the budgets.
     *
     * @throws InvalidInputException if it does
     */
    static void check(ClassifierConfig config, ModelBundle bundle, AdaptationSettings settings) {
        ClassifierLayers layers = new ClassifierLayers(config, bundle);
        Modulators modulators = modulators(bundle, settings.rule());
        List<NormLayer> norms = NormLayer.among(layers.between());
        boolean statistics = modulators == Modulators.NONE;
        if (norms.stream().noneMatch(norm -> !statistics || norm instanceof BatchNorm)) {
            throw new InvalidInputException(
                    "%s has no %s, of which its streams could learn; give homeostat"
                            .formatted(
                                    bundle.folder(),
                                    statistics ? "batch normalisation" : "normalisation"));
        }
        settings.requireRoomFor(most(layers, modulators, settings), layers.head().classes());
    }

    /** Opens it; the caller closes it. */
    static ClassifierPlasticity open(
            ClassifierConfig config,
            ModelBundle bundle,
            GraphEngine engine,
            AdaptationSettings settings) {
        check(config, bundle, settings);
        Modulators modulators = modulators(bundle, settings.rule());
        boolean hebbian = isHebbian(new ClassifierLayers(config, bundle), modulators, settings);
        var network = new ClassifierNetwork(config, bundle, engine, /* learns= */ true);
        var step =
                new ClassifierStep(
                        network,
                        engine,
                        new ClassifierStep.Settings(
                                settings.batch(),
                                hebbian ? settings.hebbianRate() : 0,
                                modulators,
                                settings.rate(),
                                Normalisation.EMA,
                                Homeostat.alpha(settings.alpha(), settings.batch()),
                                settings.guards().filter()));
        return new ClassifierPlasticity(step, settings.batch());
    }

    private static Modulators modulators(ModelBundle bundle, Rule rule) {
        return switch (rule) {
            case STATISTICS -> Modulators.NONE;
            case NHL_FIRST -> Modulators.FIRST;
            case TENT, NHL -> Modulators.ALL;
            default ->
                    throw new InvalidInputException(
                            ("%s: networks of its architecture do not learn by %s; give homeostat,"
                                            + " statistics, tent, nhl or nhl-first")
                                    .formatted(bundle.folder(), rule));
        };
    }

    private static boolean isHebbian(
            ClassifierLayers layers, Modulators modulators, AdaptationSettings settings) {
        boolean named = settings.rule() == Rule.NHL || settings.rule() == Rule.NHL_FIRST;
        return named
                && settings.learnsFirstLayer(
                        most(layers, modulators, settings.batch(), true), layers.head().classes());
    }

    private static FastWeights most(
            ClassifierLayers layers, Modulators modulators, AdaptationSettings settings) {
        boolean hebbian = isHebbian(layers, modulators, settings);
        return most(layers, modulators, settings.batch(), hebbian);
    }

    /** As much as a stream could know, with a gate where there may be one. */
    private static FastWeights most(
            ClassifierLayers layers, Modulators modulators, int batch, boolean hebbian) {
        List<NormLayer> norms = NormLayer.among(layers.between());
        Map<String, float[]> deltas = new HashMap<>();
        Map<String, float[]> memory = new HashMap<>();
        if (hebbian) {
            Parameter weight = layers.first().weight();
            deltas.put(weight.name(), weight.source());
        }
        int learned = 0;
        for (NormLayer norm : modulators.among(norms)) {
            deltas.put(norm.gain().name(), norm.gain().source());
            deltas.put(norm.offset().name(), norm.offset().source());
            learned += 2 * norm.channels();
        }
        for (NormLayer norm : norms) {
            norm.statistics().forEach(one -> deltas.put(one.name(), one.source()));
        }
        new Moments(0, new double[learned], new double[learned]).putInto(memory);
        for (int i = 0; i + 1 < batch; i++) {
            memory.put(
                    ClassifierPlasticity.pending(i),
                    new float[layers.first().columns().inputSize()]);
        }
        FastWeights most = new FastWeights(0, deltas, memory);
        return modulators == Modulators.NONE
                ? most
                : ShiftGate.most(most, layers.first().neurons());
    }
}
