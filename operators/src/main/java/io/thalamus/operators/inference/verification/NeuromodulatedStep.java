/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.adaptation.EntropyFilter;
import io.thalamus.operators.adaptation.EntropyLoss;
import io.thalamus.operators.adaptation.Finite;
import io.thalamus.operators.adaptation.HebbianLayer;
import io.thalamus.operators.adaptation.HebbianRule;
import io.thalamus.operators.adaptation.Moments;
import io.thalamus.operators.adaptation.Normalisation;
import io.thalamus.operators.adaptation.Optimiser;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.adaptation.SurpriseGate;
import java.util.Arrays;
import java.util.Optional;

/**
 * One step of neuro-modulated Hebbian learning (Tang et al., "Neuro-Modulated Hebbian Learning for
 * Fully Test-Time Adaptation", CVPR 2023): the first layer learns by the Hebbian rule from what it
 * sees; gain and offset behind it, the modulator, learn from the entropy of the classes; then the
 * classes are predicted. No labels are used. A pure function of what a stream knows and its batch;
 * used by one thread. This is the plain form of the equations, for any of their variants; streams
 * learn by what networks make of it on an engine.
 */
final class NeuromodulatedStep {
    private final Settings settings;
    private final Source source;
    private final int patches;
    private final int neurons;
    private final HebbianLayer layer;
    private final Readout readout;
    private final EntropyLoss loss;
    private final EntropyLoss error;
    private double[] signal = new double[0];
    private double[] modulated = new double[0];
    private double[] gradient = new double[0];
    private double[] logits = new double[0];

    /**
     * How a layer learns.
     *
     * @param rule of the Hebbian layer
     * @param rate of the Hebbian layer
     * @param gate opens its plasticity by the entropy of its error; empty for always open
     * @param optimiser of the modulator
     * @param filter which samples the modulator learns from
     * @param normalisation before the modulator
     * @param alpha how far the statistics of {@link Normalisation#EMA} move in a step
     * @param epsilon added to variances
     * @param again whether the prediction is made anew with the modulator that has just learned, as
     *     the paper has it; otherwise it is the one that the modulator learned from, as Tent's
     */
    public record Settings(
            HebbianRule rule,
            double rate,
            Optional<SurpriseGate> gate,
            Optimiser optimiser,
            EntropyFilter filter,
            Normalisation normalisation,
            double alpha,
            double epsilon,
            boolean again) {}

    /**
     * What stays as it is in the bundle.
     *
     * @param bias of each neuron; empty for none
     * @param norms of each neuron's weights
     */
    public record Source(float[] bias, double[] norms) {}

    /**
     * What a step gave.
     *
     * @param before logits {@code [samples, classes]} after the Hebbian layer has learned and
     *     before the modulator has
     * @param logits the prediction
     * @param entropies of {@code before}, in nats
     * @param gradient of the loss by the modulator; zeros if no sample was kept
     * @param error that the gate was opened by; NaN without a gate
     * @param opening of the gate; 1 without one
     * @param after what the stream knows now; as before if a number has become infinite
     */
    public record Outcome(
            double[] before,
            double[] logits,
            double[] entropies,
            double[] gradient,
            double error,
            double opening,
            ModulatedLayer after) {}

    public NeuromodulatedStep(Settings settings, Source source, Patches patches, Readout readout) {
        this.settings = settings;
        this.source = source;
        this.patches = patches.perSample();
        this.neurons = source.norms.length;
        this.readout = readout;
        layer = new HebbianLayer(patches, neurons, settings.rule);
        loss = new EntropyLoss(readout.classes(), settings.filter);
        error = new EntropyLoss(readout.classes(), EntropyFilter.NONE);
    }

    /**
     * Learns from a batch of one stream, and predicts its classes.
     *
     * @param input samples {@code [channels, rows, columns]}, one after the other
     */
    public Outcome learn(ModulatedLayer before, float[] input, int samples) {
        prepare(samples);
        double gateError = Double.NaN;
        double opening = 1;
        SurpriseGate.Level level = before.level();
        if (settings.gate.isPresent()) {
            SurpriseGate gate = settings.gate.get();
            normalise(before.weights(), before.statistics(), input, samples);
            predict(before.modulator(), samples);
            error.measure(logits, samples);
            gateError = error.relative();
            opening = gate.opening(level, gateError);
            level = gate.after(level, gateError);
        }
        double[] change = layer.change(before.weights(), source.norms, input, samples);
        float[] weights = before.weights().clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] += opening * settings.rate * change[i];
        }
        ChannelStatistics statistics = normalise(weights, before.statistics(), input, samples);
        predict(before.modulator(), samples);
        double[] first = logits(samples);
        loss.measure(logits, samples);
        double[] slope = slope(samples);
        float[] modulator = before.modulator().clone();
        Moments moments = before.moments();
        if (loss.kept() > 0) {
            moments = settings.optimiser.step(modulator, slope, moments);
        }
        if (settings.again) {
            predict(modulator, samples);
        }
        double[] last = logits(samples);
        boolean finite = Finite.are(weights) && Finite.are(modulator);
        return new Outcome(
                first,
                last,
                Arrays.copyOf(loss.entropies(), samples),
                slope,
                gateError,
                opening,
                finite
                        ? new ModulatedLayer(weights, modulator, moments, statistics, level)
                        : before);
    }

    private void prepare(int samples) {
        int size = samples * patches * neurons;
        if (signal.length < size) {
            signal = new double[size];
            modulated = new double[size];
            gradient = new double[size];
            logits = new double[samples * readout.classes()];
        }
    }

    /** Fills the signal with the layer's normalised output; gives the statistics to be kept. */
    private ChannelStatistics normalise(
            float[] weights, ChannelStatistics kept, float[] input, int samples) {
        double[] responses = layer.respond(weights, input, samples);
        int count = samples * patches;
        for (int i = 0; i < count * neurons; i++) {
            signal[i] = responses[i] + (source.bias.length == 0 ? 0 : source.bias[i % neurons]);
        }
        if (settings.normalisation == Normalisation.NONE) {
            return kept;
        }
        ChannelStatistics used =
                switch (settings.normalisation) {
                    case BATCH -> ChannelStatistics.of(signal, count, neurons);
                    case EMA ->
                            kept.towards(
                                    ChannelStatistics.of(signal, count, neurons), settings.alpha);
                    default -> kept;
                };
        for (int k = 0; k < neurons; k++) {
            double deviation = Math.sqrt(used.variance()[k] + settings.epsilon);
            for (int i = k; i < count * neurons; i += neurons) {
                signal[i] = (signal[i] - used.mean()[k]) / deviation;
            }
        }
        return settings.normalisation == Normalisation.EMA ? used : kept;
    }

    private void predict(float[] modulator, int samples) {
        for (int i = 0; i < samples * patches * neurons; i++) {
            int k = i % neurons;
            modulated[i] = modulator[k] * signal[i] + modulator[neurons + k];
        }
        readout.logits(modulated, samples, logits);
    }

    private double[] logits(int samples) {
        return Arrays.copyOf(logits, samples * readout.classes());
    }

    /** Of the loss by the modulator: statistics of a first layer do not depend on it. */
    private double[] slope(int samples) {
        readout.backward(loss.gradient(), samples, gradient);
        double[] slope = new double[2 * neurons];
        for (int i = 0; i < samples * patches * neurons; i++) {
            slope[i % neurons] += gradient[i] * signal[i];
            slope[neurons + i % neurons] += gradient[i];
        }
        return slope;
    }
}
