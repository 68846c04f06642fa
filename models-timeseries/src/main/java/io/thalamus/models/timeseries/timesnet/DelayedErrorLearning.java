/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.PendingForecasts;
import io.thalamus.operators.adaptation.PendingForecasts.Matured;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.adaptation.RunningLevels;
import io.thalamus.operators.adaptation.ShadowScore;
import io.thalamus.operators.adaptation.TrendCorrection;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A stream learns from the errors of its forecasts once all that they were about has come: a {@link
 * TrendCorrection}, and, with a learning rate, {@link EmbeddingLearning}. Each error is compared
 * with what the network of the bundle would have made; a stream that does worse by what it has
 * learned forgets it.
 */
final class DelayedErrorLearning implements Plasticity {
    static final String MAP = "trend.map";
    private static final String SQUARES = "trend.squares";
    private static final String PRODUCTS = "trend.products";
    private static final String ERRORS = "delayed.errors";

    /** Of the average error to that of the bundle's network above which learning does harm. */
    private static final double HARM = 1.05;

    /** The share of a horizon for which it must have done so. */
    private static final double PATIENCE = 1.0 / 3;

    private static final double EPSILON = 1e-5;

    private final PendingForecasts pending;
    private final TrendCorrection trend;

    /** Null where nothing is learned inside the network. */
    private final EmbeddingLearning embedding;

    /** For one network. */
    DelayedErrorLearning(
            TimesNetConfig config,
            TimesNetWeights weights,
            GraphEngine engine,
            AdaptationSettings settings) {
        this.pending = pending(config, settings);
        this.trend = new TrendCorrection(config.channels(), config.inputLength(), config.horizon());
        double rate = settings.rate();
        double hebbianRate = isHebbian(config, settings) ? settings.hebbianRate() : 0;
        this.embedding =
                rate > 0 || hebbianRate > 0
                        ? new EmbeddingLearning(config, weights, engine, rate, hebbianRate)
                        : null;
    }

    private static boolean isHebbian(TimesNetConfig config, AdaptationSettings settings) {
        return settings.learnsFirstLayer(
                most(config, settings, /* isHebbian= */ true), /* classes= */ 0);
    }

    /** As much as a stream could know, beside what is pending. */
    static FastWeights most(TimesNetConfig config, AdaptationSettings settings) {
        return most(config, settings, isHebbian(config, settings));
    }

    private static FastWeights most(
            TimesNetConfig config, AdaptationSettings settings, boolean isHebbian) {
        FastWeights embedding = EmbeddingLearning.most(config, settings.rate() > 0, isHebbian);
        Map<String, float[]> deltas = new HashMap<>(embedding.deltas());
        Map<String, float[]> memory = new HashMap<>(embedding.memory());
        put(TrendCorrection.Sums.none(), ShadowScore.Tally.none(), deltas, memory);
        RunningLevels.putMost(config.channels(), memory);
        return new FastWeights(0, deltas, memory);
    }

    /** Keeps forecasts as they were issued, each with the map and levels that corrected it. */
    static PendingForecasts pending(TimesNetConfig config, AdaptationSettings settings) {
        return new PendingForecasts(
                config.inputLength(),
                config.horizon(),
                config.channels() * (config.horizon() + 1) + TrendCorrection.values(),
                settings.batch(),
                settings.pendingBudget());
    }

    /** Whether a stream's forecasts are corrected. */
    static boolean corrects(FastWeights learned) {
        float[] map = learned.deltas().get(MAP);
        return map != null && map.length == TrendCorrection.values();
    }

    private static float[] map(FastWeights learned) {
        return corrects(learned) ? learned.deltas().get(MAP) : new float[TrendCorrection.values()];
    }

    /**
     * What a stream knows, in a form to work with.
     *
     * @param embedding what {@link EmbeddingLearning} has taught it; null where nothing is learned
     *     inside the network
     */
    private record Known(
            TrendCorrection.Sums sums, ShadowScore.Tally tally, FastWeights embedding) {}

    @Override
    public Lesson learn(
            FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
        float[] map = map(before);
        float[] levels = RunningLevels.until(before.memory(), window);
        float[] keep = Arrays.copyOf(output, output.length + map.length + levels.length);
        System.arraycopy(map, 0, keep, output.length, map.length);
        System.arraycopy(levels, 0, keep, output.length + map.length, levels.length);
        PendingForecasts.Taken taken = pending.take(before.memory(), window, keep);
        Map<String, float[]> memory = new HashMap<>(taken.memory());
        RunningLevels.take(before.memory(), window, memory);
        if (taken.matured().isEmpty()) {
            FastWeights same = before.withMemory(memory);
            return new Lesson(same, List.of(), 0);
        }
        Known known = known(before);
        ShadowScore shadow = shadow(taken.share());
        for (Matured matured : taken.matured()) {
            known = after(known, matured, taken.share(), shadow);
            if (shadow.rollsBack(known.tally())) {
                double ratio = known.tally().adapted() / known.tally().source();
                // What is pending was forecast with what is forgotten, and would tell against what
                // comes after it.
                return Lesson.reset("the bundle's network does better", ratio);
            }
        }
        long updates = before.updates() + taken.matured().size();
        return new Lesson(kept(known, updates, memory), List.of(), 1);
    }

    /** Averages over one horizon, however often forecasts are made. */
    private static ShadowScore shadow(double share) {
        return new ShadowScore(1, share, HARM, 0, (int) Math.ceil(PATIENCE / share));
    }

    private Known after(Known before, Matured matured, double share, ShadowScore shadow) {
        SignalFrame window = matured.window();
        float[] truth = matured.truth();
        float[] issued = Arrays.copyOf(matured.kept(), truth.length);
        int ofMap = truth.length + TrendCorrection.values();
        float[] map = Arrays.copyOfRange(matured.kept(), truth.length, ofMap);
        float[] levels = Arrays.copyOfRange(matured.kept(), ofMap, matured.kept().length);
        float[] plain = trend.removed(map, window.samples(), levels, issued);
        double variance = variance(window);
        double adapted = squares(issued, truth) / variance;
        double source =
                squares(embedding == null ? plain : embedding.plain(window), truth) / variance;
        // what is larger could not be kept
        if (!(adapted <= Float.MAX_VALUE) || !(source <= Float.MAX_VALUE)) {
            return before;
        }
        return new Known(
                trend.after(before.sums(), window.samples(), levels, plain, truth, share),
                shadow.after(before.tally(), adapted, source),
                embedding == null
                        ? null
                        : embedding.after(before.embedding(), window, truth, adapted, variance));
    }

    /** The mean of the channels' variances, by which errors compare over time. */
    private static double variance(SignalFrame window) {
        int length = window.length();
        double sum = 0;
        for (int channel = 0; channel < window.channels().size(); channel++) {
            double mean = 0;
            for (int t = 0; t < length; t++) {
                mean += (double) window.sample(channel, t) / length;
            }
            for (int t = 0; t < length; t++) {
                double distance = window.sample(channel, t) - mean;
                sum += distance * distance;
            }
        }
        return sum / window.samples().length + EPSILON;
    }

    private static double squares(float[] forecast, float[] truth) {
        double sum = 0;
        for (int i = 0; i < truth.length; i++) {
            double error = (double) forecast[i] - truth[i];
            sum += error * error;
        }
        return sum / truth.length;
    }

    private Known known(FastWeights learned) {
        Map<String, float[]> memory = learned.memory();
        return new Known(
                TrendCorrection.Sums.of(memory.get(SQUARES), memory.get(PRODUCTS)),
                ShadowScore.Tally.in(memory, ERRORS),
                embedding == null ? null : embedding.known(learned));
    }

    private static FastWeights kept(Known known, long updates, Map<String, float[]> before) {
        Map<String, float[]> deltas = new HashMap<>();
        Map<String, float[]> memory = new HashMap<>(before);
        put(known.sums(), known.tally(), deltas, memory);
        if (known.embedding() != null) {
            deltas.putAll(known.embedding().deltas());
            memory.putAll(known.embedding().memory());
        }
        return new FastWeights(updates, deltas, memory);
    }

    private static void put(
            TrendCorrection.Sums sums,
            ShadowScore.Tally tally,
            Map<String, float[]> deltas,
            Map<String, float[]> memory) {
        deltas.put(MAP, TrendCorrection.map(sums));
        memory.put(SQUARES, sums.squares());
        memory.put(PRODUCTS, sums.products());
        tally.putInto(memory, ERRORS);
    }

    @Override
    public Map<String, float[]> source() {
        return embedding == null ? Map.of() : embedding.source();
    }

    @Override
    public void close() {
        if (embedding != null) {
            embedding.close();
        }
    }
}
