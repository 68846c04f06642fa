/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.ErrorBand;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Moments;
import io.thalamus.operators.adaptation.Optimiser;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.adaptation.ShadowScore;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.signal.SplitMix;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A stream learns to fill its holes from values that are known: those that its window's holes would
 * have hidden, had they come a little later. Learned are a {@link ResidualGain}, the same for all
 * channels, by the regression of what the line between neighbours is off by on what the network
 * adds to it, each value weighted as where windows overlap, by a {@link StandardTaper#HANN}; and,
 * with a learning rate, a {@link Modulator}, by the gradient of the squared error over the window's
 * variance.
 *
 * <p>A window without holes teaches nothing and costs nothing. Of the others, those outside the
 * {@link ErrorBand} of the bundle's network teach nothing. A stream that fills worse by what it has
 * learned than by the network of the bundle forgets it.
 */
final class ReconstructionErrorLearning implements Plasticity {
    private static final String SUMS = "residual.sums";
    private static final String TALLY = "reconstruction.errors";
    private static final String WINDOWS = "reconstruction.windows";

    /** Hidden values whose correction is of one deviation that weigh as much as the bundle does. */
    private static final double RIDGE = 30;

    private static final ShadowScore SHADOW = new ShadowScore(1, 0.05, 1.05, 0, 8);

    private final TimesNetConfig config;
    private final int channels;
    private final int length;
    private final AdaptationSettings settings;
    private final ResidualGain gain;
    private final Modulator modulator;
    private final double[] taper;
    private final Network network;

    /** Null without a learning rate. */
    private final ModulatorGradient gradient;

    /**
     * For one network.
     *
     * @param network that of the bundle; closed with this
     * @param gradient closed with this; null if the modulator does not learn
     */
    ReconstructionErrorLearning(
            TimesNetConfig config,
            Network network,
            Modulator modulator,
            ModulatorGradient gradient,
            AdaptationSettings settings) {
        this.config = config;
        this.channels = config.channels();
        this.length = config.inputLength();
        this.settings = settings;
        this.gain = new ResidualGain(config);
        this.taper = new double[length];
        Arrays.setAll(taper, t -> StandardTaper.HANN.at((t + 0.5) / length));
        this.network = network;
        this.modulator = modulator;
        this.gradient = gradient;
    }

    /** As much as a stream could know. */
    static FastWeights most(TimesNetConfig config) {
        int values = 2 * config.width();
        Map<String, float[]> memory = new HashMap<>();
        memory.put(SUMS, new float[2]);
        ShadowScore.Tally.none().putInto(memory, TALLY);
        memory.put(WINDOWS, new float[1]);
        ErrorBand.full().putInto(memory);
        new Moments(0, new double[values], new double[values]).putInto(memory);
        return new FastWeights(
                0,
                Map.of(
                        ResidualGain.GAIN, new float[config.channels()],
                        Modulator.GAIN, new float[config.width()],
                        Modulator.OFFSET, new float[config.width()]),
                memory);
    }

    /** What there is to learn from in a window. */
    private record Hidden(
            SignalFrame window, float[] truth, float[] line, double[] variances, double[] taper) {

        double variance() {
            return Arrays.stream(variances).average().orElseThrow();
        }

        /** How much a value counts: as it does where windows overlap, if it has been hidden. */
        double weight(int i) {
            return Float.isFinite(truth[i]) && Float.isNaN(window.samples()[i])
                    ? taper[i % taper.length]
                    : 0;
        }

        double error(float[] filled) {
            double sum = 0;
            double weights = 0;
            for (int i = 0; i < filled.length; i++) {
                double weight = weight(i);
                if (weight > 0) {
                    double error = (double) filled[i] - truth[i];
                    sum += weight * error * error;
                    weights += weight;
                }
            }
            return sum / weights / variance();
        }
    }

    @Override
    public Lesson learn(
            FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
        SignalFrame hiding = hiding(window);
        if (hides(hiding) == hides(window)) {
            return Lesson.nothing(before);
        }
        Map<String, float[]> memory = new HashMap<>(before.memory());
        float windows = memory.getOrDefault(WINDOWS, new float[1])[0];
        memory.put(WINDOWS, new float[] {(windows + 1) % settings.batch()});
        if (windows > 0) {
            return Lesson.nothing(before.withMemory(memory));
        }
        Hidden hidden =
                new Hidden(
                        hiding,
                        window.samples(),
                        gain.filled(hiding.samples()),
                        gain.variances(window.samples()),
                        taper);
        float[][] results = results(hiding, List.of(before, FastWeights.none()));
        double adapted = hidden.error(gain.applied(before, hiding.samples(), results[0]));
        double source = hidden.error(results[1]);
        ErrorBand band = ErrorBand.in(memory);
        band.with(source).putInto(memory);
        FastWeights same = before.withMemory(memory);
        if (!Double.isFinite(adapted) || !band.holds(source)) {
            return Lesson.nothing(same);
        }
        ShadowScore.Tally tally =
                SHADOW.after(ShadowScore.Tally.in(memory, TALLY), adapted, source);
        if (SHADOW.rollsBack(tally)) {
            double ratio = tally.adapted() / tally.source();
            return Lesson.reset("the bundle's network does better", ratio);
        }
        tally.putInto(memory, TALLY);
        Map<String, float[]> deltas = new HashMap<>(before.deltas());
        deltas.put(ResidualGain.GAIN, gains(hidden, results[0], memory));
        if (gradient != null) {
            modulate(before, hidden, deltas, memory);
        }
        return Lesson.of(new FastWeights(before.updates() + 1, deltas, memory));
    }

    /** What the network makes of a window, with each of what a stream may have learned. */
    private float[][] results(SignalFrame window, List<FastWeights> learned) {
        float[][] windows = new float[learned.size()][];
        Arrays.fill(windows, window.samples());
        List<SignalFrame> frames = Collections.nCopies(windows.length, window);
        return network.run(windows, config.timeFeatures(frames), learned);
    }

    /** A window that lacks also what its holes would hide if all came later by as much. */
    private SignalFrame hiding(SignalFrame window) {
        float[] samples = window.samples().clone();
        int shift =
                1
                        + (int)
                                Math.floorMod(
                                        SplitMix.mixed(window.sequence() + SplitMix.GAMMA),
                                        length - 1L);
        for (int i = 0; i < samples.length; i++) {
            int first = i / length * length;
            if (!Float.isFinite(window.samples()[first + (i - first + shift) % length])) {
                samples[i] = Float.NaN;
            }
        }
        return window.withSamples(samples, Quality.of(samples, window.quality()));
    }

    private static int hides(SignalFrame window) {
        int count = 0;
        for (float sample : window.samples()) {
            count += Float.isFinite(sample) ? 0 : 1;
        }
        return count;
    }

    /** The share of the network's corrections that errors call for: the sums of products fade. */
    private float[] gains(Hidden hidden, float[] result, Map<String, float[]> memory) {
        float[] before = memory.getOrDefault(SUMS, new float[2]);
        double products = (1 - settings.alpha()) * before[0];
        double squares = (1 - settings.alpha()) * before[1];
        for (int i = 0; i < result.length; i++) {
            double weight = hidden.weight(i);
            if (weight > 0) {
                double added = (double) result[i] - hidden.line()[i];
                double wanted = (double) hidden.truth()[i] - hidden.line()[i];
                weight /= hidden.variances()[i / length];
                products += weight * added * wanted;
                squares += weight * added * added;
            }
        }
        memory.put(SUMS, new float[] {(float) products, (float) squares});
        float[] gains = new float[channels];
        Arrays.fill(gains, (float) ((products + RIDGE) / (squares + RIDGE) - 1));
        return gains;
    }

    private void modulate(
            FastWeights before,
            Hidden hidden,
            Map<String, float[]> deltas,
            Map<String, float[]> memory) {
        float[] values = modulator.of(before);
        double[] slope = gradient.of(hidden.window(), before, hidden.truth()).gradient();
        for (int i = 0; i < slope.length; i++) {
            slope[i] /= hidden.variance();
        }
        if (Arrays.stream(slope).allMatch(Double::isFinite)) {
            Moments moments =
                    Optimiser.Adam.of(settings.rate()).step(values, slope, Moments.in(memory));
            moments.putInto(memory);
            deltas.putAll(modulator.deltas(values));
        }
    }

    /** Gains of one, and offsets as large, for the leash. */
    @Override
    public Map<String, float[]> source() {
        float[] ones = new float[modulator.parameters() / 2];
        Arrays.fill(ones, 1);
        return Map.of(Modulator.GAIN, ones, Modulator.OFFSET, ones);
    }

    @Override
    public void close() {
        if (gradient != null) {
            gradient.close();
        }
        network.close();
    }
}
