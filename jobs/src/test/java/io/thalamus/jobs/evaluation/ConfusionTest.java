/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionTest {

    /** Against numbers of {@code training/make_evaluation_cases.py}, which is independent. */
    @Test
    void givesTheReferencesFigures() throws IOException {
        JsonNode reference;
        try (InputStream json =
                ConfusionTest.class.getResourceAsStream("/evaluation/confusion.json")) {
            reference = new ObjectMapper().readTree(json);
        }
        List<String> classes = new ArrayList<>();
        reference.path("classes").forEach(name -> classes.add(name.textValue()));
        Confusion confusion = Confusion.none(classes);
        for (int i = 0; i < reference.path("truth").size(); i++) {
            confusion.add(
                    classes.get(reference.path("truth").path(i).intValue()),
                    classes.get(reference.path("given").path(i).intValue()));
        }

        assertThat(new ObjectMapper().<JsonNode>valueToTree(confusion.counts()).toString())
                .isEqualTo(reference.path("counts").toString());
        assertThat(confusion.total()).isEqualTo(200);
        assertThat(confusion.accuracy()).isEqualTo(reference.path("accuracy").doubleValue());
        assertThat(confusion.macroF1())
                .isEqualTo(reference.path("macroF1").doubleValue(), within(1e-12));
        assertThat(confusion.scores()).containsOnlyKeys("idle", "normal", "fault");
        confusion
                .scores()
                .forEach(
                        (name, score) -> {
                            assertThat(score.precision())
                                    .isEqualTo(
                                            reference.path("precision").path(name).doubleValue());
                            assertThat(score.recall())
                                    .isEqualTo(reference.path("recall").path(name).doubleValue());
                            assertThat(score.f1())
                                    .isEqualTo(
                                            reference.path("f1").path(name).doubleValue(),
                                            within(1e-12));
                        });
    }

    @Test
    void aClassThatWasNeverGivenOrNeverThereScoresZero() {
        Confusion confusion = Confusion.none(List.of("a", "b", "c"));
        confusion.add("a", "b");

        assertThat(confusion.scores())
                .containsEntry("a", new Confusion.ClassScore(1, 0, 0, 0))
                .containsEntry("b", new Confusion.ClassScore(0, 0, 0, 0))
                .doesNotContainKey("c");
        assertThat(confusion.macroF1()).isZero();
        assertThat(Confusion.none(List.of("a")).accuracy()).isNaN();
        assertThat(Confusion.none(List.of("a")).macroF1()).isNaN();
        assertThatThrownBy(() -> confusion.add("a", "d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'d' is none of the classes [a, b, c]");
    }
}
