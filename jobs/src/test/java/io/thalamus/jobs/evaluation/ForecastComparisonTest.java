/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastComparisonTest {
    private static final float NAN = Float.NaN;

    @Test
    void thePastReachesBackToTheLastMissingValueOrTheStartOfTheSegment() {
        // In two frames; the first channel has a hole, the second none.
        List<SignalFrame> came =
                List.of(
                        frame(10, 1, 2, NAN, 4, 5, 6, 8),
                        frame(13, 1, 6, 7, 9, 10, 1, 13),
                        frame(0, 0, 1000, 2000, 3000, 1, 1, 1));

        SeasonalScore score =
                ForecastComparison.compare(came, List.of(forecast(14, 1, 8, 12, 0, 14)), 1)
                        .orElseThrow();

        // The past of the first channel is 4 6, that of the second 5 6 8 10.
        assertThat(score.forecasts()).isEqualTo(2);
        assertThat(score.leftOut()).isZero();
        assertThat(score.mase()).isCloseTo((1 + 0.6) / 2, within(1e-12));
        assertThat(score.maseNaive2()).isCloseTo((1 + 3.6) / 2, within(1e-12));
    }

    @Test
    void whatHasNotComeOrIsMissingIsNotCompared() {
        List<SignalFrame> came = List.of(frame(0, 0, 1, 3, 4, 6, NAN, 1, 2, 4, 5, 5));

        assertThat(ForecastComparison.compare(came, List.of(forecast(4, 0, 1, 1, 1, 1)), 1))
                .isEmpty();
        SeasonalScore score =
                ForecastComparison.compare(came, List.of(forecast(3, 0, 1, 1, 5, 5)), 1)
                        .orElseThrow();
        assertThat(score.forecasts()).isEqualTo(1);
        assertThat(score.leftOut()).isEqualTo(1);
        assertThat(score.mase()).isZero();
    }

    private static SignalFrame frame(long sequence, int segment, float... samples) {
        return new SignalFrame(
                "s", sequence, segment, 0, SampleRate.ofHertz(1), List.of("a", "b"), samples, 0);
    }

    private static Forecast forecast(long sequence, int segment, float... values) {
        return new Forecast(
                "s", sequence, segment, 0, SampleRate.ofHertz(1), List.of("a", "b"), values, "m");
    }
}
