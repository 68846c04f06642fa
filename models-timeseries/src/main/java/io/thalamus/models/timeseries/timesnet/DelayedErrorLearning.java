/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Moments;
import io.thalamus.operators.adaptation.Optimiser;
import io.thalamus.operators.adaptation.PendingForecasts;
import io.thalamus.operators.adaptation.PendingForecasts.Matured;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.adaptation.ShadowScore;
import io.thalamus.operators.adaptation.TrendCorrection;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A stream learns from the errors of its forecasts once all that they were about has come: a {@link
 * TrendCorrection}, and, with a learning rate, a {@link Modulator} by the gradient of the error,
 * over the variance of the window. Each error is compared with what the network of the bundle would
 * have made; a stream that does worse by what it has learned forgets it.
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
    private final double rate;
    private final Modulator modulator;

    /** Null without a learning rate. */
    private final ModulatorGradient gradient;

    /**
     * For one network.
     *
     * @param gradient is closed with this; null if the modulator does not learn
     */
    DelayedErrorLearning(
            TimesNetConfig config,
            Modulator modulator,
            ModulatorGradient gradient,
            AdaptationSettings settings) {
        this.pending = pending(config, settings);
        this.trend = new TrendCorrection(config.channels(), config.inputLength(), config.horizon());
        this.rate = settings.rate();
        this.modulator = modulator;
        this.gradient = gradient;
    }

    /** Keeps forecasts as they were issued, each with the map that had corrected it. */
    static PendingForecasts pending(TimesNetConfig config, AdaptationSettings settings) {
        return new PendingForecasts(
                config.inputLength(),
                config.horizon(),
                config.channels() * config.horizon() + TrendCorrection.values(),
                settings.batch(),
                settings.pendingBudget());
    }

    /** Whether a stream's forecasts are corrected. */
    static boolean corrects(FastWeights learned) {
        return learned.deltas().containsKey(MAP);
    }

    private static float[] map(FastWeights learned) {
        return corrects(learned) ? learned.deltas().get(MAP) : new float[TrendCorrection.values()];
    }

    /** What a stream knows, in a form to work with. */
    private record Known(
            TrendCorrection.Sums sums,
            float[] modulator,
            Moments moments,
            ShadowScore.Tally tally) {}

    @Override
    public Lesson learn(
            FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
        float[] map = map(before);
        float[] keep = Arrays.copyOf(output, output.length + map.length);
        System.arraycopy(map, 0, keep, output.length, map.length);
        PendingForecasts.Taken taken = pending.take(before.memory(), window, keep);
        if (taken.matured().isEmpty()) {
            FastWeights same = before.withMemory(taken.memory());
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
        return new Lesson(kept(known, updates, taken.memory()), List.of(), 1);
    }

    /** Averages over one horizon, however often forecasts are made. */
    private static ShadowScore shadow(double share) {
        return new ShadowScore(1, share, HARM, 0, (int) Math.ceil(PATIENCE / share));
    }

    private Known after(Known before, Matured matured, double share, ShadowScore shadow) {
        SignalFrame window = matured.window();
        float[] truth = matured.truth();
        float[] issued = Arrays.copyOf(matured.kept(), truth.length);
        float[] map = Arrays.copyOfRange(matured.kept(), truth.length, matured.kept().length);
        float[] plain = trend.removed(map, window.samples(), issued);
        double variance = variance(window);
        double adapted = squares(issued, truth) / variance;
        double source =
                squares(gradient == null ? plain : gradient.plain(window), truth) / variance;
        if (!Double.isFinite(adapted) || !Double.isFinite(source)) {
            return before;
        }
        TrendCorrection.Sums sums =
                trend.after(before.sums(), window.samples(), plain, truth, share);
        ShadowScore.Tally tally = shadow.after(before.tally(), adapted, source);
        if (gradient == null) {
            return new Known(sums, before.modulator(), before.moments(), tally);
        }
        float[] values = before.modulator().clone();
        double[] slope = gradient.of(window, values, truth).gradient();
        for (int i = 0; i < slope.length; i++) {
            slope[i] /= variance;
        }
        if (Arrays.stream(slope).anyMatch(value -> !Double.isFinite(value))) {
            return new Known(sums, before.modulator(), before.moments(), tally);
        }
        Moments moments = Optimiser.Adam.of(rate).step(values, slope, before.moments());
        return new Known(sums, values, moments, tally);
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
        float[] errors = memory.get(ERRORS);
        return new Known(
                memory.containsKey(SQUARES)
                        ? new TrendCorrection.Sums(memory.get(SQUARES), memory.get(PRODUCTS))
                        : TrendCorrection.Sums.none(),
                modulator.of(learned),
                Moments.in(memory),
                errors == null
                        ? ShadowScore.Tally.none()
                        : new ShadowScore.Tally(errors[0], errors[1], (int) errors[2]));
    }

    private FastWeights kept(Known known, long updates, Map<String, float[]> pendingMemory) {
        Map<String, float[]> memory = new HashMap<>(pendingMemory);
        memory.put(SQUARES, known.sums().squares());
        memory.put(PRODUCTS, known.sums().products());
        ShadowScore.Tally tally = known.tally();
        memory.put(
                ERRORS,
                new float[] {(float) tally.adapted(), (float) tally.source(), tally.worse()});
        Map<String, float[]> deltas = new HashMap<>();
        deltas.put(MAP, TrendCorrection.map(known.sums()));
        if (gradient != null) {
            deltas.putAll(modulator.deltas(known.modulator()));
            known.moments().putInto(memory);
        }
        return new FastWeights(updates, deltas, memory);
    }

    @Override
    public void close() {
        if (gradient != null) {
            gradient.close();
        }
    }
}
