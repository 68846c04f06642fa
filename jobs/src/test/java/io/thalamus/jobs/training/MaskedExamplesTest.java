/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskedExamplesTest {
    private static final int LENGTH = 50;

    private static SignalFrame stretch(String stream, int length) {
        float[] samples = new float[2 * length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = i;
        }
        return new SignalFrame(
                stream, 7, 0, 0, SampleRate.ofHertz(1), List.of("a", "b"), samples, 0);
    }

    private static int missing(float[] values) {
        int missing = 0;
        for (float value : values) {
            missing += Float.isNaN(value) ? 1 : 0;
        }
        return missing;
    }

    @Test
    void whatIsTakenOutIsAskedForAndNothingElse() {
        SignalFrame all = stretch("s", 500);
        TrainingExample example =
                new MaskedExamples(LENGTH, List.of(0.25), 1).at(all, 20, 0).orElseThrow();
        float[] whole = all.slice(20, 70).samples();

        for (int i = 0; i < whole.length; i++) {
            float kept = example.window().samples()[i];
            float asked = example.target()[i];
            assertThat(Float.isNaN(kept)).isNotEqualTo(Float.isNaN(asked));
            assertThat(Float.isNaN(kept) ? asked : kept).isEqualTo(whole[i]);
        }
    }

    @Test
    void aWindowsMaskDependsOnTheSeedTheWindowAndTheDrawAlone() {
        MaskedExamples masked = new MaskedExamples(LENGTH, List.of(0.125, 0.5), 1);
        SignalFrame all = stretch("s", 500);
        SignalFrame part = all.slice(20, 200);
        float[] mask = masked.at(all, 30, 0).orElseThrow().window().samples();

        assertThat(masked.at(part, 10, 0).orElseThrow().window().samples()).isEqualTo(mask);
        assertThat(masked.at(all, 30, 1).orElseThrow().window().samples()).isNotEqualTo(mask);
        assertThat(masked.at(all, 31, 0).orElseThrow().target())
                .isNotEqualTo(masked.at(all, 30, 0).orElseThrow().target());
        assertThat(masked.at(stretch("t", 500), 30, 0).orElseThrow().window().samples())
                .isNotEqualTo(mask);
        assertThat(
                        new MaskedExamples(LENGTH, List.of(0.125, 0.5), 2)
                                .at(all, 30, 0)
                                .orElseThrow()
                                .window()
                                .samples())
                .isNotEqualTo(mask);
    }

    @Test
    void eachRateIsDrawnForItsShareOfTheWindows() {
        MaskedExamples masked = new MaskedExamples(LENGTH, List.of(0.1, 0.5), 1);
        SignalFrame all = stretch("s", 2050);
        int many = 0;
        double taken = 0;
        for (int first = 0; first < 2000; first++) {
            int missing = missing(masked.at(all, first, 0).orElseThrow().window().samples());
            many += missing > 30 ? 1 : 0;
            taken += missing;
        }

        assertThat(many / 2000.0).isCloseTo(0.5, within(0.05));
        assertThat(taken / 2000 / 100).isCloseTo(0.3, within(0.02));
    }

    @Test
    void whatWasMissingStaysMissingAndOneValueIsAlwaysAskedFor() {
        SignalFrame all = stretch("s", LENGTH);
        Arrays.fill(all.samples(), 1, all.samples().length, Float.NaN);
        MaskedExamples masked = new MaskedExamples(LENGTH, List.of(1e-9), 1);

        TrainingExample example = masked.at(all, 0, 0).orElseThrow();
        assertThat(example.target()[0]).isZero();
        assertThat(missing(example.target())).isEqualTo(99);
        assertThat(missing(example.window().samples())).isEqualTo(100);

        all.samples()[0] = Float.NaN;
        assertThat(masked.at(all, 0, 0)).isEmpty();
    }
}
