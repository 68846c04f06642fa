/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Feedback;
import io.thalamus.operators.adaptation.Guards;
import io.thalamus.operators.adaptation.Judge;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Learns {@link LeakyMean}'s gain: a little for each batch of windows, by their last values and the
 * outputs, which are kept until the batch is full.
 */
public record LearnedGain(int channels, float rate, int batch) implements Plasticity {
    /** From each window alone, with all guards. */
    public static final AdaptationSettings SETTINGS =
            new AdaptationSettings(
                    AdaptationSettings.Rule.DELAYED_ERROR,
                    1,
                    0.05,
                    0,
                    1,
                    Guards.ALL,
                    1 << 18,
                    1 << 18);

    private static final String STEPS = FastWeights.PENDING + "steps";

    @Override
    public Lesson learn(
            FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
        float[] waiting = before.memory().getOrDefault(STEPS, new float[0]);
        float[] steps = Arrays.copyOf(waiting, waiting.length + channels);
        for (int channel = 0; channel < channels; channel++) {
            float expected = expected(output, channel);
            steps[waiting.length + channel] = (last(window, channel) - expected) * expected;
        }
        Map<String, float[]> memory = new HashMap<>(before.memory());
        if (steps.length < batch * channels) {
            memory.put(STEPS, steps);
            return Lesson.nothing(before.withMemory(memory));
        }
        memory.remove(STEPS);
        float[] gain = before.deltas().getOrDefault(LeakyMean.GAIN, new float[channels]).clone();
        for (int i = 0; i < steps.length; i++) {
            gain[i % channels] = 0.99f * gain[i % channels] + rate * steps[i];
        }
        return Lesson.of(
                new FastWeights(before.updates() + 1, Map.of(LeakyMean.GAIN, gain), memory));
    }

    @Override
    public Judge judge() {
        return Judge.ofAll(this::feedback);
    }

    private Feedback feedback(SignalFrame window, float[] output) {
        double error = 0;
        for (int channel = 0; channel < channels; channel++) {
            error += Math.pow(last(window, channel) - expected(output, channel), 2);
        }
        return Feedback.of(error);
    }

    /** The gain is a difference to 1. */
    @Override
    public Map<String, float[]> source() {
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        return Map.of(LeakyMean.GAIN, ones);
    }

    private static float last(SignalFrame window, int channel) {
        return window.sample(channel, window.length() - 1);
    }

    private float expected(float[] output, int channel) {
        return output[channel * (output.length / channels)];
    }
}
