/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.schemas.SignalFrame;
import java.util.Map;

/** Learns {@link LeakyMean}'s gain: a little for each window, by its last value and the output. */
public record LearnedGain(int channels, float rate) implements Plasticity {

    @Override
    public Lesson learn(FastWeights before, SignalFrame window, float[] output) {
        float[] input = window.samples();
        float[] old = before.deltas().get(LeakyMean.GAIN);
        float[] gain = old == null ? new float[channels] : old.clone();
        for (int channel = 0; channel < gain.length; channel++) {
            float last = input[(channel + 1) * (input.length / gain.length) - 1];
            float expected = output[channel * (output.length / gain.length)];
            gain[channel] = 0.99f * gain[channel] + rate * (last - expected) * expected;
        }
        return Lesson.of(
                new FastWeights(
                        before.updates() + 1, Map.of(LeakyMean.GAIN, gain), before.memory()));
    }
}
