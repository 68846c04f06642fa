/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.jobs.training.Examples.Grid;
import io.thalamus.jobs.training.Split.Part;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    private static final SampleRate HOURLY = new SampleRate(1, 3600);
    private static final Split ETTH1 = Split.of("8640/2880/2880");

    /** One channel whose values are the numbers of the rows. */
    static Stretch counting(int first, int length) {
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) {
            samples[i] = first + i;
        }
        SignalFrame frame =
                new SignalFrame(
                        "s", first, 0, HOURLY.nanosOf(first), HOURLY, List.of("a"), samples, 0);
        return new Stretch(frame, first);
    }

    private static Examples forecasts(Part part, Split split, int hop, Stretch... stretches) {
        return Examples.of(
                part,
                Map.of("s", List.of(stretches)),
                split,
                new Grid(96, 96, hop),
                new ForecastExamples(96, 96));
    }

    @Test
    void theStandardSplitOfETTh1HasItsStandardWindows() {
        Stretch all = counting(0, 17420);

        assertThat(forecasts(Part.TRAINING, ETTH1, 1, all).size()).isEqualTo(8449);
        assertThat(forecasts(Part.VALIDATION, ETTH1, 1, all).size()).isEqualTo(2785);
        Examples test = forecasts(Part.TEST, ETTH1, 1, all);
        assertThat(test.size()).isEqualTo(2785);
        TrainingExample first = test.get(0);
        assertThat(first.window().samples()[0]).isEqualTo(11424);
        assertThat(first.window().startNanos()).isEqualTo(HOURLY.nanosOf(11424));
        assertThat(first.target()).hasSize(96).startsWith(11520f);
        assertThat(test.get(2784).target()).endsWith(14399f);
    }

    @Test
    void windowsNeverReachOverGaps() {
        // A stretch that is just too short, and one that holds two windows.
        Examples found =
                forecasts(
                        Part.TRAINING,
                        Split.of("300/50/34"),
                        1,
                        counting(0, 191),
                        counting(191, 193));

        // The part ends at row 300, in the second stretch.
        assertThat(found.size()).isZero();
        assertThat(
                        forecasts(
                                        Part.TRAINING,
                                        Split.of("384/1/1"),
                                        1,
                                        counting(0, 191),
                                        counting(191, 195))
                                .size())
                .isEqualTo(2);
    }

    @Test
    void windowsWithMissingValuesAreLeftOutAndCounted() {
        Stretch stretch = counting(0, 400);
        stretch.samples().samples()[195] = Float.NaN;

        Examples found = forecasts(Part.TRAINING, Split.of("398/1/1"), 1, stretch);

        // Of the 207 windows with what follows them, those that begin at 4 to 195 hold it.
        assertThat(found.leftOut()).isEqualTo(192);
        assertThat(found.size()).isEqualTo(207 - 192);
        assertThat(found.get(4).window().samples()[0]).isEqualTo(196);
    }

    @Test
    void aReconstructionKeepsToItsPart() {
        Examples found =
                Examples.of(
                        Part.VALIDATION,
                        Map.of("s", List.of(counting(0, 100))),
                        Split.of("50/25/25"),
                        new Grid(10, 0, 5),
                        new ReconstructionExamples(10));

        assertThat(found.size()).isEqualTo(4);
        assertThat(found.get(0).window().samples()[0]).isEqualTo(50);
        assertThat(found.get(3).window().samples()[9]).isEqualTo(74);
        assertThat(found.get(3).target()).isEqualTo(found.get(3).window().samples());
    }

    @Test
    void batchesHoldEachExampleOnceAndTheLastMayBeSmaller() {
        Examples found = forecasts(Part.TRAINING, Split.of("398/1/1"), 10, counting(0, 400));

        assertThat(found.size()).isEqualTo(21);
        assertThat(found.batches(8, () -> false)).extracting(List::size).containsExactly(8, 8, 5);
    }

    @Test
    void leavesToChanceWhatTheDrawSaysAndAlwaysTheSameWithoutOne() {
        Examples found =
                Examples.of(
                        Part.TRAINING,
                        Map.of("s", List.of(counting(0, 400))),
                        Split.of("398/1/1"),
                        new Examples.Grid(20, 0, 20),
                        new MaskedExamples(20, List.of(0.5), 1));
        int[] order = {3, 1};

        float[] first = found.get(order, 0, 1, 1).get(0).target();
        assertThat(found.get(order, 0, 2, 1).get(0).target()).isEqualTo(first);
        assertThat(found.get(order, 0, 1, 2).get(0).target()).isNotEqualTo(first);
        assertThat(found.get(3).target())
                .isNotEqualTo(first)
                .isEqualTo(found.batches(4, () -> false).iterator().next().get(3).target());
    }
}
