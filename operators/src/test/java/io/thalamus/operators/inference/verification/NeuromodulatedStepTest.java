/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.adaptation.Axis;
import io.thalamus.operators.adaptation.EntropyFilter;
import io.thalamus.operators.adaptation.HebbianRule;
import io.thalamus.operators.adaptation.Moments;
import io.thalamus.operators.adaptation.Normalisation;
import io.thalamus.operators.adaptation.Optimiser;
import io.thalamus.operators.adaptation.Patches;
import io.thalamus.operators.adaptation.SurpriseGate;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the reference vectors do not say of a step. */
class NeuromodulatedStepTest {
    private static final Patches PATCHES = Patches.overTime(2, new Axis(9, 3, 1, 1, 1));
    private static final int NEURONS = 4;
    private final Random random = new Random(5);
    private final float[] weights = floats(NEURONS * PATCHES.size());

    /** Two classes: the mean of the first neuron, and nothing. */
    private static final Readout READOUT =
            new Readout() {
                @Override
                public int classes() {
                    return 2;
                }

                @Override
                public void logits(double[] signal, int samples, double[] logits) {
                    for (int i = 0; i < samples; i++) {
                        logits[2 * i] = 0;
                        logits[2 * i + 1] = 0;
                        for (int t = 0; t < 9; t++) {
                            logits[2 * i] += signal[(i * 9 + t) * NEURONS] / 9;
                        }
                    }
                }

                @Override
                public void backward(double[] logits, int samples, double[] signal) {
                    for (int i = 0; i < samples * 9 * NEURONS; i++) {
                        signal[i] = i % NEURONS == 0 ? logits[2 * (i / (9 * NEURONS))] / 9 : 0;
                    }
                }
            };

    @Test
    void leavesWhatWasKnownAsItWas() {
        ModulatedLayer before = start();
        float[] copy = before.weights().clone();
        ModulatedLayer after = step(new Optimiser.Sgd(0.1)).learn(before, floats(36), 2).after();
        assertThat(before.weights()).containsExactly(copy);
        assertThat(before.modulator()).containsExactly(1, 1, 1, 1, 0, 0, 0, 0);
        assertThat(after.weights()).isNotEqualTo(copy);
        assertThat(after.modulator()[0]).isNotEqualTo(1);
    }

    @Test
    void dependsOnNothingButItsArguments() {
        float[] batch = floats(36);
        NeuromodulatedStep step = step(Optimiser.Adam.of(0.1));
        ModulatedLayer first = step.learn(start(), batch, 2).after();
        step.learn(first, floats(90), 5);
        ModulatedLayer again = step.learn(start(), batch, 2).after();
        assertThat(again).usingRecursiveComparison().isEqualTo(first);
    }

    @Test
    void learnsNothingFromWhatIsNoNumber() {
        float[] batch = floats(36);
        batch[20] = Float.NaN;
        ModulatedLayer before = start();
        assertThat(step(new Optimiser.Sgd(0.1)).learn(before, batch, 2).after()).isSameAs(before);
    }

    private static NeuromodulatedStep step(Optimiser optimiser) {
        HebbianRule rule =
                new HebbianRule(
                        1,
                        HebbianRule.Competition.RAW,
                        HebbianRule.Sign.SOFT,
                        HebbianRule.Target.UNIT,
                        HebbianRule.Scale.NONE);
        return new NeuromodulatedStep(
                new NeuromodulatedStep.Settings(
                        rule,
                        0.1,
                        Optional.empty(),
                        optimiser,
                        EntropyFilter.NONE,
                        Normalisation.NONE,
                        0,
                        0,
                        true),
                new NeuromodulatedStep.Source(new float[0], new double[NEURONS]),
                PATCHES,
                READOUT);
    }

    private ModulatedLayer start() {
        return new ModulatedLayer(
                weights,
                new float[] {1, 1, 1, 1, 0, 0, 0, 0},
                Moments.none(),
                null,
                SurpriseGate.Level.unknown());
    }

    private float[] floats(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
