/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.Axis;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Moments;
import io.thalamus.operators.adaptation.Optimiser;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.adaptation.PlasticConvolution;
import io.thalamus.operators.adaptation.PlasticLayer;
import io.thalamus.operators.adaptation.SurprisedLayer;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a stream's embedding follows the errors of its forecasts: the token weights by the soft
 * Hebbian rule, as far as an error surprises, then gains and offsets behind them by the gradient of
 * the error. Either may have a rate of 0, and does not learn then.
 */
final class EmbeddingLearning implements AutoCloseable {
    private final TimesNetConfig config;
    private final Modulator modulator;
    private final Network bundle;
    private final double rate;

    /** Null without a rate. */
    private final ModulatorGradient gradient;

    /** Null without a rate. */
    private final SurprisedLayer hebbian;

    /** The names of all that is remembered for it. */
    private final Set<String> memory;

    /**
     * For one network.
     *
     * @param rate of gains and offsets
     * @param hebbianRate of the token weights
     */
    EmbeddingLearning(
            TimesNetConfig config,
            TimesNetWeights weights,
            GraphEngine engine,
            double rate,
            double hebbianRate) {
        this.config = config;
        this.modulator = new Modulator(config, weights);
        this.bundle = new Network(config, weights, engine, Trace.off());
        this.rate = rate;
        this.gradient = rate > 0 ? new ModulatorGradient(config, weights, engine) : null;
        this.hebbian =
                hebbianRate > 0 ? new SurprisedLayer(tokens(config, weights), hebbianRate) : null;
        this.memory = most(config, rate > 0, hebbianRate > 0).memory().keySet();
    }

    /** The token weights: their convolution goes round, a window's end before its beginning. */
    static PlasticLayer tokens(TimesNetConfig config, TimesNetWeights weights) {
        int taps = TimesNetWeights.TOKEN_TAPS;
        EmbeddingInput input = new EmbeddingInput(config, Network.normalisation(config));
        Axis time = new Axis(config.inputLength() + taps - 1, taps, 1, 0, 1);
        return new PlasticConvolution(
                TimesNetWeights.TOKEN,
                weights.token(config),
                Patches.overTime(config.channels(), time),
                // Of what the convolution takes, channels come first: the rule reads no further.
                window -> input.take(new float[][] {window.samples()}, new float[0][]).data());
    }

    /** As much as a stream could know. */
    static FastWeights most(TimesNetConfig config, boolean modulates, boolean isHebbian) {
        Map<String, float[]> deltas = new HashMap<>();
        Map<String, float[]> memory = new HashMap<>();
        if (modulates) {
            double[] values = new double[2 * config.width()];
            deltas.put(Modulator.GAIN, new float[config.width()]);
            deltas.put(Modulator.OFFSET, new float[config.width()]);
            new Moments(0, values, values).putInto(memory);
        }
        if (isHebbian) {
            deltas.put(
                    TimesNetWeights.TOKEN,
                    new float[config.width() * config.channels() * TimesNetWeights.TOKEN_TAPS]);
            memory.putAll(SurprisedLayer.memory());
        }
        return new FastWeights(0, deltas, memory);
    }

    /** What a stream knows of what is learned here. */
    FastWeights known(FastWeights learned) {
        Map<String, float[]> deltas = new HashMap<>();
        if (gradient != null) {
            deltas.putAll(modulator.deltas(modulator.of(learned)));
        }
        if (hebbian != null && OwnEmbedding.isIn(learned)) {
            deltas.put(TimesNetWeights.TOKEN, learned.deltas().get(TimesNetWeights.TOKEN));
        }
        Map<String, float[]> own = new HashMap<>(learned.memory());
        own.keySet().retainAll(memory);
        return new FastWeights(0, deltas, own);
    }

    /** What the network of the bundle makes of a window. */
    float[] plain(SignalFrame window) {
        float[][] windows = {window.samples()};
        return bundle.run(windows, config.timeFeatures(List.of(window)), false)[0];
    }

    /**
     * What a stream knows after an error.
     *
     * @param window that the forecast was made from
     * @param truth what came
     * @param error of the forecast over the variance, finite
     * @param variance of the window
     */
    FastWeights after(
            FastWeights before, SignalFrame window, float[] truth, double error, double variance) {
        FastWeights surprised = before;
        if (hebbian != null) {
            double surprise = hebbian.surprise(before, error);
            surprised = hebbian.after(hebbian.noting(before, error), window, surprise);
        }
        return gradient == null ? surprised : descended(surprised, window, truth, variance);
    }

    private FastWeights descended(
            FastWeights before, SignalFrame window, float[] truth, double variance) {
        double[] slope = gradient.of(window, before, truth).gradient();
        for (int i = 0; i < slope.length; i++) {
            slope[i] /= variance;
        }
        if (Arrays.stream(slope).anyMatch(value -> !Double.isFinite(value))) {
            return before;
        }
        float[] values = modulator.of(before);
        Map<String, float[]> remembered = new HashMap<>(before.memory());
        Optimiser.Adam.of(rate)
                .step(values, slope, Moments.in(before.memory()))
                .putInto(remembered);
        Map<String, float[]> deltas = new HashMap<>(before.deltas());
        deltas.putAll(modulator.deltas(values));
        return new FastWeights(before.updates(), deltas, remembered);
    }

    /** The token weights of the bundle, where streams learn their own. */
    Map<String, float[]> source() {
        return hebbian == null ? Map.of() : hebbian.source();
    }

    @Override
    public void close() {
        if (gradient != null) {
            gradient.close();
        }
        bundle.close();
    }
}
