/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectsTest {

    private static BundleConfig config(String json) throws IOException {
        return BundleConfig.of(
                Path.of("bundle/config.json"), (ObjectNode) new ObjectMapper().readTree(json));
    }

    private static Subjects two() throws IOException {
        return Subjects.of(config("{\"subjects\": [\"S01\", \"S02\"]}"), 2);
    }

    @Test
    void aStreamIsTheSubjectsWhoseNameItsIdBeginsWith() throws IOException {
        Subjects subjects = two();

        assertThat(subjects.of("S01")).hasValue(0);
        assertThat(subjects.of("S02/2026-11-26/1")).hasValue(1);
        assertThat(subjects.require("S02/")).isEqualTo(1);
        assertThat(subjects.objectionTo("S01/a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"S03", "S0", "S011", "s01", "", "ward/S01", "/S01"})
    void everyOtherStreamIsNobodys(String stream) throws IOException {
        Subjects subjects = two();

        assertThat(subjects.of(stream)).isEmpty();
        assertThat(subjects.objectionTo(stream).orElseThrow())
                .startsWith("stream " + stream + " is of none of the subjects [S01, S02]");
        assertThatThrownBy(() -> subjects.require(stream))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSingleSubjectNeedsNoName() throws IOException {
        assertThat(Subjects.of(config("{}"), 1)).isEqualTo(Subjects.any());
        assertThat(Subjects.any().of("anything")).hasValue(0);
        assertThat(Subjects.of(config("{\"subjects\": [\"S01\"]}"), 1).of("anything")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"subjects\": [\"S01\"]}",
                "{\"subjects\": [\"S01\", \"S01\"]}",
                "{\"subjects\": [\"S01\", \"\"]}",
                "{\"subjects\": \"S01\"}"
            })
    void severalNeedAsManyDifferentNames(String json) throws IOException {
        BundleConfig config = config(json);

        assertThatThrownBy(() -> Subjects.of(config, 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("bundle/config.json: subjects must be a list of");
    }
}
