/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.EntropyFilter;
import io.thalamus.operators.adaptation.EntropyLoss;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Moments;
import io.thalamus.operators.adaptation.Normalisation;
import io.thalamus.operators.adaptation.Optimiser;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One step of learning from a batch of one stream, in the order of Tang et al., "Neuro-Modulated
 * Hebbian Learning for Fully Test-Time Adaptation" (CVPR 2023), each part of which may be left out:
 * the first layer learns by the soft Hebbian rule; the running statistics of batch normalisations
 * move; gains and offsets of normalisations, the modulators, learn by Adam from the entropy of the
 * classes, the gradient of which comes back through the network. A pure function of what the stream
 * knows and its batch.
 */
final class ClassifierStep implements AutoCloseable {

    private final ClassifierNetwork network;
    private final Settings settings;
    private final HebbianConvolution hebbian;
    private final List<BatchNorm> batchNorms;
    private final List<NormLayer> modulators;
    private final Optimiser optimiser;
    private final EntropyLoss loss;
    private final double[] logits;
    private final double[] slopes;

    /** Which gains and offsets learn. */
    enum Modulators {
        NONE,
        /** Those of the first normalisation. */
        FIRST,
        ALL;

        /** Those of a network's normalisations. */
        List<NormLayer> among(List<NormLayer> norms) {
            return switch (this) {
                case NONE -> List.of();
                case FIRST -> norms.subList(0, 1);
                case ALL -> norms;
            };
        }
    }

    /**
     * How it learns.
     *
     * @param windows of a batch
     * @param hebbianRate of the first layer; 0 for one that does not learn
     * @param modulators that learn
     * @param rate of the modulators
     * @param normalisation of batch normalisations while it learns; {@link Normalisation#BATCH} is
     *     for comparisons only, as nothing of it is left to predict by
     * @param alpha how far the statistics of {@link Normalisation#EMA} move
     * @param filter the share of the largest entropy that a window must be below for the modulators
     *     to learn from it; 1 for all
     */
    record Settings(
            int windows,
            double hebbianRate,
            Modulators modulators,
            double rate,
            Normalisation normalisation,
            double alpha,
            double filter) {}

    /**
     * What a step gave.
     *
     * @param after what the stream knows now; what it knew before if a number has become infinite
     * @param logits {@code [windows, classes]}, with the first layer and the statistics that have
     *     learned, and the modulators that have not
     */
    record Outcome(FastWeights after, double[] logits) {}

    /**
     * A step on a network.
     *
     * @param network one that learns; this step closes it
     */
    ClassifierStep(ClassifierNetwork network, GraphEngine engine, Settings settings) {
        this.network = network;
        this.settings = settings;
        hebbian =
                settings.hebbianRate > 0
                        ? new HebbianConvolution(
                                engine, network.first(), settings.windows, settings.hebbianRate)
                        : null;
        batchNorms =
                network.norms().stream()
                        .filter(BatchNorm.class::isInstance)
                        .map(BatchNorm.class::cast)
                        .toList();
        modulators = settings.modulators.among(network.norms());
        optimiser = Optimiser.Adam.of(settings.rate);
        loss = new EntropyLoss(network.classes(), filter(settings.filter, network.classes()));
        logits = new double[settings.windows * network.classes()];
        slopes = new double[modulators.stream().mapToInt(norm -> 2 * norm.channels()).sum()];
    }

    /** Of all alike, the entropy is the largest there is, and their gradient 0. */
    private static EntropyFilter filter(double share, int classes) {
        return share == 1
                ? EntropyFilter.NONE
                : EntropyFilter.below(share, classes, /* weighted= */ false);
    }

    /** The windows to learn from, standardised: to be filled before {@link #learn}. */
    Tensor features() {
        return network.features(settings.windows);
    }

    /** Standardises a window into the {@link #features}. */
    void standardise(float[] window, int to) {
        network.standardise(window, 0, to);
    }

    /** Learns from the {@link #features}. */
    Outcome learn(FastWeights before) {
        Map<String, float[]> deltas = new HashMap<>(before.deltas());
        Map<String, float[]> memory = new HashMap<>(before.memory());
        List<FastWeights> known = Collections.nCopies(settings.windows, before);
        Tensor maps;
        if (hebbian == null) {
            maps = network.runFirst(known);
        } else {
            Parameter weight = network.first().weight();
            maps = hebbian.learn(weight.of(before), features());
            deltas.put(weight.name(), weight.delta(hebbian.weights()));
        }
        batchNorms.forEach(norm -> norm.normaliseBy(settings.normalisation, settings.alpha));
        network.runRest(maps, known);
        if (settings.normalisation == Normalisation.EMA) {
            batchNorms.forEach(norm -> norm.remember(deltas));
        }
        takeLogits();
        if (!modulators.isEmpty()) {
            loss.measure(logits, settings.windows);
            if (loss.kept() > 0) {
                modulate(before, deltas, memory);
            }
        }
        FastWeights after = new FastWeights(before.updates() + 1, deltas, memory);
        return new Outcome(after.isFinite() ? after : before, logits.clone());
    }

    /** Whether running statistics are among what streams learn. */
    boolean movesStatistics() {
        return !batchNorms.isEmpty();
    }

    /** How many classes there are. */
    int classes() {
        return network.classes();
    }

    /**
     * The bundle's weights that a leash may hold: those that follow a gradient or the Hebbian rule,
     * while statistics go where the signal is; where nothing but those is learned, them.
     */
    Map<String, float[]> source() {
        Map<String, float[]> source = new HashMap<>();
        if (hebbian != null) {
            put(network.first().weight(), source);
        }
        for (NormLayer norm : modulators) {
            put(norm.gain(), source);
            put(norm.offset(), source);
        }
        if (source.isEmpty()) {
            network.norms().forEach(norm -> norm.statistics().forEach(one -> put(one, source)));
        }
        return Map.copyOf(source);
    }

    private static void put(Parameter parameter, Map<String, float[]> source) {
        source.put(parameter.name(), parameter.source());
    }

    /** Predicts the {@link #features} by what a stream knows. */
    double[] predict(FastWeights learned) {
        List<FastWeights> known = Collections.nCopies(settings.windows, learned);
        Normalisation how =
                settings.normalisation == Normalisation.BATCH
                        ? Normalisation.BATCH
                        : Normalisation.SOURCE;
        batchNorms.forEach(norm -> norm.normaliseBy(how, settings.alpha));
        network.runFirst(known);
        network.runRest(known);
        takeLogits();
        return logits.clone();
    }

    private void takeLogits() {
        float[] one = new float[network.classes()];
        for (int window = 0; window < settings.windows; window++) {
            network.logits(window, one);
            for (int k = 0; k < one.length; k++) {
                logits[window * one.length + k] = one[k];
            }
        }
    }

    private void modulate(
            FastWeights before, Map<String, float[]> deltas, Map<String, float[]> memory) {
        network.backward(loss.gradient());
        float[] parameters = new float[slopes.length];
        int at = 0;
        for (NormLayer norm : modulators) {
            int channels = norm.channels();
            System.arraycopy(norm.slopes(), 0, slopes, at, 2 * channels);
            System.arraycopy(norm.gain().of(before), 0, parameters, at, channels);
            System.arraycopy(norm.offset().of(before), 0, parameters, at + channels, channels);
            at += 2 * channels;
        }
        Moments moments = optimiser.step(parameters, slopes, Moments.in(before.memory()));
        moments.putInto(memory);
        at = 0;
        for (NormLayer norm : modulators) {
            int middle = at + norm.channels();
            int end = middle + norm.channels();
            deltas.put(
                    norm.gain().name(),
                    norm.gain().delta(Arrays.copyOfRange(parameters, at, middle)));
            deltas.put(
                    norm.offset().name(),
                    norm.offset().delta(Arrays.copyOfRange(parameters, middle, end)));
            at = end;
        }
    }

    @Override
    public void close() {
        try {
            if (hebbian != null) {
                hebbian.close();
            }
        } finally {
            network.close();
        }
    }
}
