/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.signal.Span;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PercentileThresholdTest {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));

    static Stream<JsonNode> percentiles() throws IOException {
        return StreamSupport.stream(References.read("percentiles.json").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("percentiles")
    void isNumPysPercentileOfTheFirstScores(JsonNode reference) {
        double[] scores = References.numbers(reference.path("values"));
        ThresholdRule rule =
                new PercentileThreshold(
                        100 - reference.path("percent").asDouble(), Span.ofSamples(scores.length));
        ThresholdState state = rule.start(HOURLY);

        for (double score : scores) {
            assertThat(rule.threshold(state)).isNaN();
            rule.take(Double.NaN, state); // is no score
            rule.take(Double.POSITIVE_INFINITY, state); // nor is this
            rule.take(score, state);
        }
        rule.take(1e9, state);

        assertThat(rule.threshold(state)).isEqualTo(reference.path("expected").asDouble());
    }

    @Test
    void keepsNoMoreScoresThanItNeeds() {
        assertThat(new PercentileThreshold(1, Span.ofSamples(2000)).start(HOURLY).highest())
                .hasSize(21);
    }

    @Test
    void calibratesForATimeOfTheStreamsOwnSamples() {
        ThresholdRule rule = new PercentileThreshold(50, Span.of(Duration.ofMinutes(150)));
        ThresholdState state = rule.start(HOURLY);
        rule.take(1, state);
        assertThat(rule.threshold(state)).isNaN();
        rule.take(2, state);
        assertThat(rule.threshold(state)).isEqualTo(1.5);

        ThresholdRule shorterThanASample =
                new PercentileThreshold(50, Span.of(Duration.ofMinutes(1)));
        ThresholdState one = shorterThanASample.start(HOURLY);
        shorterThanASample.take(7, one);
        assertThat(shorterThanASample.threshold(one)).isEqualTo(7);
    }

    /** However long a time is at the rate that a stream turns out to have. */
    @Test
    void boundsWhatItKeepsOfALongTime() {
        ThresholdRule rule = new PercentileThreshold(10, Span.of(Duration.ofDays(1)));

        assertThat(rule.start(SampleRate.ofHertz(48_000)).highest().length)
                .isBetween(60_000, 1 << 16);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> new PercentileThreshold(100, Span.ofSamples(10)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "threshold: anomaly-ratio is 100.0; give percent, above 0 and below 100");
        assertThatThrownBy(() -> new PercentileThreshold(50, Span.ofSamples(1_000_000)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("give a shorter calibration or a lower anomaly-ratio");
        assertThatThrownBy(() -> new FixedThreshold(Double.NaN))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("threshold: NaN is no threshold; give a number");
    }
}
