/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Moments;
import io.thalamus.operators.adaptation.Optimiser;
import io.thalamus.operators.adaptation.SurpriseGate.Level;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a stream's embedding follows the errors of its forecasts: the token weights by the soft
 * Hebbian rule, as far as an error surprises, then gains and offsets behind them by the gradient of
 * the error. Either may have a rate of 0, and does not learn then.
 */
final class EmbeddingLearning implements AutoCloseable {
    /** How large errors have been lately: mean and variance. */
    private static final String LEVEL = "hebbian.level";

    private final TimesNetConfig config;
    private final Modulator modulator;
    private final Network bundle;
    private final double rate;

    /** Null without a rate. */
    private final ModulatorGradient gradient;

    /** Null without a rate. */
    private final HebbianEmbedding hebbian;

    /**
     * What a stream knows, in a form to work with.
     *
     * @param deltas of the token weights and the modulator, where they have been learned
     * @param moments of the gradient
     * @param level of the errors
     */
    record Known(Map<String, float[]> deltas, Moments moments, Level level) {

        private Known with(Map<String, float[]> learned, Moments next) {
            Map<String, float[]> all = new HashMap<>(deltas);
            all.putAll(learned);
            return new Known(all, next, level);
        }

        void putInto(Map<String, float[]> learned, Map<String, float[]> memory) {
            learned.putAll(deltas);
            if (moments.steps() > 0) {
                moments.putInto(memory);
            }
            if (!Double.isNaN(level.mean())) {
                // A variance beyond the largest float keeps the gate closed just as well.
                float variance = (float) Math.min(Float.MAX_VALUE, level.variance());
                memory.put(LEVEL, new float[] {(float) level.mean(), variance});
            }
        }
    }

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
        this.hebbian = hebbianRate > 0 ? new HebbianEmbedding(config, weights, hebbianRate) : null;
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
            memory.put(LEVEL, new float[2]);
        }
        return new FastWeights(0, deltas, memory);
    }

    /** What a stream knows of what is learned here. */
    Known known(FastWeights learned) {
        Map<String, float[]> deltas = new HashMap<>();
        if (gradient != null) {
            deltas.putAll(modulator.deltas(modulator.of(learned)));
        }
        if (hebbian != null && OwnEmbedding.isIn(learned)) {
            deltas.put(TimesNetWeights.TOKEN, learned.deltas().get(TimesNetWeights.TOKEN));
        }
        float[] level = learned.memory().get(LEVEL);
        return new Known(
                deltas,
                Moments.in(learned.memory()),
                hebbian == null || level == null ? Level.unknown() : new Level(level[0], level[1]));
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
    Known after(Known before, SignalFrame window, float[] truth, double error, double variance) {
        Known surprised = hebbian == null ? before : surprised(before, window, error);
        return gradient == null ? surprised : descended(surprised, window, truth, variance);
    }

    private Known surprised(Known before, SignalFrame window, double error) {
        double surprise = HebbianEmbedding.GATE.opening(before.level(), error);
        Level level = HebbianEmbedding.GATE.after(before.level(), error);
        Known known = new Known(before.deltas(), before.moments(), level);
        if (surprise == 0) {
            return known;
        }
        float[] delta =
                before.deltas()
                        .getOrDefault(TimesNetWeights.TOKEN, new float[hebbian.source().length]);
        float[] after = hebbian.after(delta, window, surprise);
        return known.with(Map.of(TimesNetWeights.TOKEN, after), before.moments());
    }

    private Known descended(Known before, SignalFrame window, float[] truth, double variance) {
        FastWeights learned = new FastWeights(0, before.deltas());
        double[] slope = gradient.of(window, learned, truth).gradient();
        for (int i = 0; i < slope.length; i++) {
            slope[i] /= variance;
        }
        if (Arrays.stream(slope).anyMatch(value -> !Double.isFinite(value))) {
            return before;
        }
        float[] values = modulator.of(learned);
        Moments moments = Optimiser.Adam.of(rate).step(values, slope, before.moments());
        return before.with(modulator.deltas(values), moments);
    }

    /** The token weights of the bundle, where streams learn their own. */
    Map<String, float[]> source() {
        return hebbian == null ? Map.of() : Map.of(TimesNetWeights.TOKEN, hebbian.source());
    }

    @Override
    public void close() {
        if (gradient != null) {
            gradient.close();
        }
        bundle.close();
    }
}
