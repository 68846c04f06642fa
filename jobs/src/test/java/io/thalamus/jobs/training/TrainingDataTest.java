/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingDataTest {
    private static SignalFrame frame(String stream, String channel) {
        float[] samples = {1, 2};
        SampleRate rate = SampleRate.ofHertz(1);
        return new SignalFrame(stream, 0, 0, 0, rate, List.of(channel), samples, 0);
    }

    /** Parallel steps of a pipeline give their remarks as they come to them. */
    @Test
    void annotationsOfAPipelineAreInTheOrderOfTheirTimes() {
        Annotation first = new Annotation("a", 1, 1, "ja");
        Annotation longer = new Annotation("a", 1, 2, "ja");
        Annotation later = new Annotation("a", 2, 1, "ja");
        Annotation other = new Annotation("b", 0, 1, "ja");
        Annotation another = new Annotation("b", 0, 1, "nein");

        TrainingData data =
                TrainingData.of(
                        "p.yaml",
                        List.of(frame("a", "x"), frame("b", "x")),
                        List.of(another, later, longer, other, first),
                        0);

        assertThat(data.annotations()).containsExactly(first, longer, later, other, another);
    }

    @Test
    void streamsOfOtherKindsAreLeftOutInThePipeline() {
        assertThatThrownBy(
                        () ->
                                TrainingData.of(
                                        "p.yaml",
                                        List.of(frame("a", "x"), frame("b", "y")),
                                        List.of(),
                                        0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith("select them in the pipeline, or name other files there");
    }
}
