/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelledSegmentsTest {
    private static final SampleRate RATE = SampleRate.ofHertz(100_000_000); // 10 ns
    private static final float NAN = Float.NaN;

    private static final List<AnomalyScore> SCORES =
            List.of(
                    score("s", 0, 4, 5, NAN, 7, 8),
                    score("s", 0, 0, 1, 2, 3, 4),
                    score("s", 1, 20, 9, 9),
                    score("night/eeg", 0, 0, 1, 1));

    @Test
    void samplesStandBesideLabelsAndAlarms() {
        List<LabelledScores> series =
                LabelledSegments.of(
                        SCORES,
                        List.of(
                                event("s", 0, 10, 0),
                                event("s", 0, 10, 30),
                                event("s", 0, 70, 0), // lasts
                                event("s", 1, 0, 300),
                                event("other", 0, 0, 300)),
                        new Labels(
                                List.of(
                                        new Annotation("s", 25, 10, "from in a sample on"),
                                        new Annotation("s", 60, 0, "a moment"),
                                        new Annotation("s", 190, 10, "between"),
                                        new Annotation("night", 10, 5, "of the recording"))));

        assertThat(series).hasSize(3);
        assertThat(series.get(0).truth()).containsExactly(false, true);
        LabelledScores first = series.get(1);
        assertThat(first.scores()).containsExactly(1, 2, 3, 4, 5, 7, 8);
        assertThat(first.truth()).containsExactly(false, false, true, true, false, true, false);
        assertThat(first.found()).containsExactly(false, true, true, false, false, false, true);
        assertThat(series.get(2).truth()).containsOnly(false);
        assertThat(series.get(2).found()).containsOnly(true);
    }

    @Test
    void labelsOnNothingAreAMistake() {
        assertThatThrownBy(
                        () ->
                                LabelledSegments.of(
                                        SCORES,
                                        List.of(),
                                        new Labels(List.of(new Annotation("s", 100, 99, "x")))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("no label is on any score, such as the first, of stream");
        assertThat(LabelledSegments.of(List.of(), List.of(), new Labels(List.of()))).isEmpty();
    }

    private static AnomalyScore score(String stream, int segment, long sequence, float... joint) {
        return new AnomalyScore(
                stream,
                sequence,
                segment,
                RATE.nanosOf(sequence),
                RATE,
                List.of("a"),
                joint,
                joint,
                "m");
    }

    private static AnomalyEvent event(String stream, int segment, long start, long end) {
        return new AnomalyEvent(stream, segment, start, end, 1, 1, List.of("a"), "m");
    }
}
