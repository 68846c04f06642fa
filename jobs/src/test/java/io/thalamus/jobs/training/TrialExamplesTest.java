/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrialExamplesTest {
    private static final long SECOND = 1_000_000_000L;

    private static SignalFrame stream(String id) {
        return new SignalFrame(id, 0, 0, 0, SampleRate.ofHertz(1), List.of("a"), new float[20], 0);
    }

    private static Annotation label(String stream, int second, String word) {
        return new Annotation(stream, second * SECOND, SECOND, word);
    }

    /** As where results are compared with labels. */
    @Test
    void labelsOfAStreamAreThoseOfTheStreamsBelowItThatHaveNone() {
        List<Annotation> labels =
                List.of(
                        label("S01", 3, "yes"),
                        label("S01", 9, "no"),
                        new Annotation("S01/b", 5 * SECOND, 0, "only a moment"),
                        label("S01/c/left", 4, "yes"));
        TrialExamples trials =
                TrialExamples.of(
                        5,
                        Classes.of(labels),
                        labels,
                        Set.of("S01", "S01/b", "S01/c/left", "S01/c/right", "S02"),
                        1);

        for (String stream : List.of("S01", "S01/b", "S01/c/right")) {
            assertThat(starts(trials, stream)).containsExactly(3, 9);
        }
        assertThat(starts(trials, "S01/c/left")).containsExactly(4);
        assertThat(starts(trials, "S02")).isEmpty();
        assertThat(trials.at(stream("S01/b"), 9, 0).orElseThrow().target()).containsExactly(0);
        assertThat(trials.at(stream("S01/b"), 3, 0).orElseThrow().target()).containsExactly(1);
    }

    private static List<Integer> starts(TrialExamples trials, String stream) {
        return IntStream.range(0, 16)
                .filter(first -> trials.at(stream(stream), first, 0).isPresent())
                .boxed()
                .toList();
    }
}
