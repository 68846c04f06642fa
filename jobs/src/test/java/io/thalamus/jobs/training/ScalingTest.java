/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScalingTest {
    private static final Split SPLIT = Split.of("4/1/1");

    private static TrainingData data(float... samples) {
        SignalFrame frame =
                new SignalFrame("s", 0, 0, 0, SampleRate.ofHertz(1), List.of("a", "b"), samples, 0);
        return new TrainingData("s.csv", Map.of("s", List.of(new Stretch(frame, 0))), List.of(), 0);
    }

    @Test
    void measuresThePopulationDeviationOfTheTrainingRowsWithoutWhatIsMissing() {
        TrainingData data = data(2, 4, Float.NaN, 6, 900, 900, 1, 1, 1, 1, 5, 5);

        Scaling scaling = Scaling.of(data, SPLIT);

        assertThat(scaling.mean()).containsExactly(4, 1);
        assertThat(scaling.deviation()[0]).isCloseTo(Math.sqrt(8.0 / 3), within(1e-15));
        assertThat(scaling.deviation()[1]).as("of a channel that never changes").isEqualTo(1);
        Stretch standardised = scaling.apply(data.streams().get("s").get(0));
        assertThat(standardised.samples().samples()[0])
                .isEqualTo((float) (-2 / Math.sqrt(8.0 / 3)));
        assertThat(standardised.samples().samples()[2]).isNaN();
        assertThat(standardised.samples().samples()[11]).isEqualTo(4);
    }

    @Test
    void refusesWhatHoldsNothingToLearn() {
        assertThatThrownBy(() -> Scaling.of(data(1, 1, 1, 1, 9, 9, 2, 2, 2, 2, 8, 8), SPLIT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no channel of s.csv ever changes");
        float nan = Float.NaN;
        assertThatThrownBy(
                        () -> Scaling.of(data(1, 2, 3, 4, 5, 6, nan, nan, nan, nan, 1, 2), SPLIT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("channel 'b' has no values");
    }
}
