/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Neuro-modulated Hebbian learning of networks that need not be differentiated: a stream learns a
 * gain and an offset for each channel behind the first layer by the error that windows show, with a
 * {@link TwoPointEstimate} of its gradient, and the weights of the first layer by the soft Hebbian
 * rule, as far as the error is above its own recent level ({@link SurprisedLayer}).
 *
 * <p>An offset is in deviations of the channel in training, so that one rate fits all channels. A
 * window is judged with what the windows before it have taught; both the gradient and the Hebbian
 * change are those at the weights that it was judged with.
 */
public final class FeedbackLearning implements Plasticity {
    private static final String GAIN = "modulator.gain";
    private static final String OFFSET = "modulator.offset";
    private static final String WAITED = "feedback.waited";
    private static final TwoPointEstimate ESTIMATE = new TwoPointEstimate(0.01, 0x7157);

    private final int channels;
    private final boolean complex;
    private final Judge judge;
    private final Optional<SurprisedLayer> layer;
    private final Rates rates;
    private final Map<String, float[]> source;

    /**
     * How fast streams learn.
     *
     * @param modulator of gains and offsets, by Adam; 0 for none
     * @param every windows that teach from one that is learned from to the next
     */
    public record Rates(double modulator, int every) {}

    /**
     * Behind a first layer.
     *
     * @param channels of its output
     * @param complex whether they are, which have gains alone, to keep the phase
     * @param layer itself; empty if its weights stay
     */
    public FeedbackLearning(
            int channels,
            boolean complex,
            Judge judge,
            Optional<SurprisedLayer> layer,
            Rates rates) {
        this.channels = channels;
        this.complex = complex;
        this.judge = judge;
        this.layer = layer;
        this.rates = rates;
        Map<String, float[]> all = new HashMap<>();
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        all.put(GAIN, ones);
        if (!complex) {
            all.put(OFFSET, ones);
        }
        layer.ifPresent(first -> all.putAll(first.source()));
        source = Map.copyOf(all);
    }

    /**
     * What a stream has learned of its gains and offsets.
     *
     * @param training the statistics of the channels
     * @return empty if it has learned none
     */
    static Optional<Modulation> modulation(ChannelStatistics training, FastWeights learned) {
        if (!learned.deltas().containsKey(GAIN)) {
            return Optional.empty();
        }
        int channels = training.mean().length;
        float[] gain = learned.deltas().get(GAIN).clone();
        float[] offset = learned.deltas().getOrDefault(OFFSET, new float[channels]).clone();
        for (int k = 0; k < channels; k++) {
            gain[k] += 1;
            offset[k] *= (float) Math.sqrt(training.variance()[k]);
        }
        return Optional.of(new Modulation(gain, offset));
    }

    @Override
    public List<FastWeights> probes(FastWeights before, SignalFrame window) {
        if (rates.modulator() == 0 || !isDue(before) || !learnsFrom(window)) {
            return List.of();
        }
        float[] parameters = parameters(before);
        float[] direction = ESTIMATE.direction(before.updates(), parameters.length);
        return List.of(
                with(before, ESTIMATE.point(parameters, direction, true)),
                with(before, ESTIMATE.point(parameters, direction, false)));
    }

    private boolean learnsFrom(SignalFrame window) {
        return judge.teaches(window) && judge.judges(window);
    }

    private boolean isDue(FastWeights before) {
        return waited(before) + 1 >= rates.every();
    }

    private static int waited(FastWeights before) {
        return before.memory().containsKey(WAITED) ? (int) before.memory().get(WAITED)[0] : 0;
    }

    private float[] parameters(FastWeights learned) {
        float[] parameters = new float[complex ? channels : 2 * channels];
        if (learned.deltas().containsKey(GAIN)) {
            System.arraycopy(learned.deltas().get(GAIN), 0, parameters, 0, channels);
            if (!complex) {
                System.arraycopy(learned.deltas().get(OFFSET), 0, parameters, channels, channels);
            }
        }
        return parameters;
    }

    private FastWeights with(FastWeights learned, float[] parameters) {
        Map<String, float[]> deltas = new HashMap<>(learned.deltas());
        deltas.put(GAIN, Arrays.copyOf(parameters, channels));
        if (!complex) {
            deltas.put(OFFSET, Arrays.copyOfRange(parameters, channels, 2 * channels));
        }
        return new FastWeights(learned.updates(), deltas, learned.memory());
    }

    @Override
    public Lesson learn(
            FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
        if (!learnsFrom(window)) {
            return Lesson.nothing(before);
        }
        double error = judge.feedback(window, output).error();
        if (!(error <= Float.MAX_VALUE)) {
            return Lesson.nothing(before);
        }
        FastWeights noted = layer.map(first -> first.noting(before, error)).orElse(before);
        Map<String, float[]> memory = new HashMap<>(noted.memory());
        if (!isDue(before)) {
            memory.put(WAITED, new float[] {waited(before) + 1});
            return Lesson.nothing(noted.withMemory(memory));
        }
        memory.remove(WAITED);
        FastWeights after = noted.withMemory(memory);
        double surprise = layer.map(first -> first.surprise(before, error)).orElse(0.0);
        if (layer.isPresent()) {
            after = layer.get().after(after, window, surprise);
        }
        if (rates.modulator() > 0) {
            after = steered(after, window, probed);
        }
        return after.deltas().equals(before.deltas())
                ? Lesson.nothing(after)
                : new Lesson(
                        new FastWeights(before.updates() + 1, after.deltas(), after.memory()),
                        List.of(),
                        rates.modulator() > 0 ? 1 : Math.min(1, surprise));
    }

    /** Gains and offsets after a step down the error. */
    private FastWeights steered(FastWeights before, SignalFrame window, List<float[]> probed) {
        double ahead = judge.feedback(window, probed.get(0)).error();
        double behind = judge.feedback(window, probed.get(1)).error();
        if (!Double.isFinite(ahead) || !Double.isFinite(behind)) {
            return before;
        }
        float[] parameters = parameters(before);
        float[] direction = ESTIMATE.direction(before.updates(), parameters.length);
        Moments moments =
                Optimiser.Adam.of(rates.modulator())
                        .step(
                                parameters,
                                ESTIMATE.gradient(direction, ahead, behind),
                                Moments.in(before.memory()));
        Map<String, float[]> memory = new HashMap<>(before.memory());
        moments.putInto(memory);
        return with(before.withMemory(memory), parameters);
    }

    /** As much as a stream could know. */
    public FastWeights most() {
        Map<String, float[]> memory = new HashMap<>();
        memory.put(WAITED, new float[1]);
        if (layer.isPresent()) {
            memory.putAll(SurprisedLayer.memory());
        }
        double[] moments = new double[parameters(FastWeights.none()).length];
        new Moments(0, moments, moments).putInto(memory);
        return new FastWeights(0, source, memory);
    }

    @Override
    public Judge judge() {
        return judge;
    }

    @Override
    public Map<String, float[]> source() {
        return source;
    }
}
