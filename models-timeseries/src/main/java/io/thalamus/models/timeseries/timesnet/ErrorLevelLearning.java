/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.ErrorBand;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Finite;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A stream learns how large the errors of each channel's reconstruction usually are, and has a
 * channel count in its scores by how unusual an error is: the squared {@link ResidualGain} of a
 * channel is the median of the channels' usual errors over its own. What is wrong with a signal
 * must not become usual: windows whose scores are above the alarm teach nothing, nor do those
 * outside the {@link ErrorBand} of the error over the window's variance.
 */
final class ErrorLevelLearning implements Plasticity {
    /** The logarithm of each channel's usual error. */
    static final String LEVELS = "error.levels";

    /** The most that a channel's score is raised by, and the least that is left of it. */
    private static final double MOST = 16;

    private static final double EPSILON = 1e-5;

    private final int channels;
    private final int length;
    private final double alpha;
    private final ResidualGain gain;
    private final Optional<Alarm> alarm;

    ErrorLevelLearning(TimesNetConfig config, AdaptationSettings settings) {
        this.channels = config.channels();
        this.length = config.inputLength();
        this.alpha = settings.alpha();
        this.gain = new ResidualGain(config);
        this.alarm =
                settings.hasAlarm() ? Optional.of(new Alarm(settings.alarm())) : Optional.empty();
    }

    @Override
    public Lesson learn(
            FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
        Map<String, float[]> memory = new HashMap<>(before.memory());
        boolean alarmed = sounds(memory, window, output);
        if (!Finite.are(window.samples()) || !Finite.are(output)) {
            return Lesson.nothing(before.withMemory(memory));
        }
        double[] errors = errors(before, window, output);
        double error =
                Arrays.stream(errors).sum() / Arrays.stream(gain.variances(window.samples())).sum();
        ErrorBand band = ErrorBand.in(memory);
        band.with(error).putInto(memory);
        if (alarmed || !band.holds(error)) {
            return Lesson.nothing(before.withMemory(memory));
        }
        float[] levels = levels(memory.get(LEVELS), before.updates(), errors);
        memory.put(LEVELS, levels);
        return new Lesson(
                new FastWeights(
                        before.updates() + 1, Map.of(ResidualGain.GAIN, gains(levels)), memory),
                List.of(),
                1);
    }

    private boolean sounds(Map<String, float[]> memory, SignalFrame window, float[] output) {
        return alarm.map(rule -> rule.sounds(memory, window, output)).orElse(/* other= */ false);
    }

    /** The alarm hears any window, as detection takes the scores of all. */
    @Override
    public FastWeights heard(FastWeights before, SignalFrame window, float[] output) {
        Map<String, float[]> memory = new HashMap<>(before.memory());
        sounds(memory, window, output);
        return before.withMemory(memory);
    }

    /** The mean squared error of each channel, by the network of the bundle. */
    private double[] errors(FastWeights learned, SignalFrame window, float[] output) {
        double[] errors = new double[channels];
        for (int i = 0; i < output.length; i++) {
            int channel = i / length;
            double residual = (double) output[i] - window.samples()[i];
            double error = residual / ResidualGain.gain(learned, channel);
            errors[channel] += error * error / length;
        }
        return errors;
    }

    /** At first the mean of all there were, so that a stream soon has levels of its own. */
    private float[] levels(float[] before, long updates, double[] errors) {
        float[] levels = new float[channels];
        double share = Math.max(alpha, 1.0 / (updates + 1));
        for (int channel = 0; channel < channels; channel++) {
            double level = StrictMath.log(errors[channel] + EPSILON);
            double last = before == null ? level : before[channel];
            levels[channel] = (float) (last + share * (level - last));
        }
        return levels;
    }

    private static float[] gains(float[] levels) {
        float[] ascending = levels.clone();
        Arrays.sort(ascending);
        int middle = ascending.length / 2;
        double median = (ascending[middle] + (double) ascending[(ascending.length - 1) / 2]) / 2;
        double most = StrictMath.log(MOST);
        float[] gains = new float[levels.length];
        for (int channel = 0; channel < gains.length; channel++) {
            double weight = Math.max(-most, Math.min(most, median - levels[channel]));
            gains[channel] = (float) (StrictMath.exp(weight / 2) - 1);
        }
        return gains;
    }
}
