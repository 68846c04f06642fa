/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.jobs.training.Split.Part;
import io.thalamus.jobs.training.Split.Rows;
import io.thalamus.schemas.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {

    @Test
    void sharesAreOfEachStreamsRows() {
        Split split = Split.of("0.6/0.2/0.2");

        assertThat(split.of(Part.TRAINING, "s", 1001)).isEqualTo(new Rows(0, 600));
        assertThat(split.of(Part.VALIDATION, "s", 1001)).isEqualTo(new Rows(600, 800));
        assertThat(split.of(Part.TEST, "s", 1001)).isEqualTo(new Rows(800, 1001));
        assertThat(Split.of(split.toString())).isEqualTo(split);
    }

    @Test
    void rowsLeaveTheRestUnused() {
        Split split = Split.of("8640/2880/2880");

        assertThat(split.of(Part.VALIDATION, "s", 17420)).isEqualTo(new Rows(8640, 11520));
        assertThat(split.of(Part.TEST, "s", 17420)).isEqualTo(new Rows(11520, 14400));
        assertThat(split).hasToString("8640/2880/2880");
        assertThatThrownBy(() -> split.of(Part.TRAINING, "s", 14399))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("stream s has 14399 rows, fewer than the split 8640/2880/2880 wants");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0.6/0.4", "1/0/1", "0.6/0.2/x", "10.5/2/2", "-1/2/3", "NaN/1/1"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Split.of(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("0.6/0.2/0.2");
    }
}
