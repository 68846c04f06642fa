/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledWindowsTest {
    private static final LabelledWindows LABELS =
            new LabelledWindows(
                    new Labels(
                            List.of(
                                    new Annotation("s", 20, 10, "on"),
                                    new Annotation("s", 0, 20, "off"),
                                    new Annotation("s", 0, 100, "a remark"),
                                    new Annotation("s", 40, 3, "on"),
                                    new Annotation("s", 45, 3, "on"),
                                    new Annotation("s", 70, 4, "on"),
                                    new Annotation("s", 70, 4, "on"),
                                    new Annotation("s", 71, 2, "on"),
                                    new Annotation("other", 50, 50, "on"),
                                    new Annotation("night", 0, 50, "on"))));

    @ParameterizedTest
    @CsvSource({
        "s, 0, 10, off",
        "s, 14, 24, off",
        "s, 15, 25, off", // as much of either
        "s, 16, 26, on",
        "s, 25, 35, on", // half of it
        "s, 26, 36,", // less than half
        "s, 40, 50, on", // in two parts
        "s, 39, 52,",
        "s, 60, 70,",
        "s, 70, 80,", // labels on one another cover what one of them does
        "night/eeg, 0, 10, on",
        "nights, 0, 10,"
    })
    void aWindowIsOfTheClassThatCoversMostOfIt(
            String stream, long start, long end, String expected) {
        Confusion confusion =
                LABELS.compare(List.of(window("s", 0, 10), window(stream, start, end)));

        assertThat(confusion.total()).isEqualTo(expected == null ? 1 : 2);
        assertThat(confusion.counts()[1][0]).isEqualTo("on".equals(expected) ? 1 : 0);
    }

    @Test
    void labelsThatAreOnNoWindowAreAMistake() {
        assertThatThrownBy(() -> LABELS.compare(List.of(window("third", 0, 10))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("no label is on any window")
                .hasMessageContaining(
                        "stream third with the classes [off, on]: the labels are on the streams"
                                + " [night, other, s] and say [on, off, a remark]");
        assertThat(LABELS.compare(List.of()).total()).isZero();
    }

    @Test
    void errorsAreCountedStreamByStream() {
        // Of s, 0 to 20 are off and 20 to 30 on; every window is given off.
        ErrorRates rates =
                LABELS.errorRates(
                        List.of(
                                window("s/clip-1", 0, 10),
                                window("s/clip-1", 20, 30),
                                window("s/a/b", 10, 20),
                                window("s", 20, 30),
                                window("third", 0, 10)));
        assertThat(rates.byStream())
                .containsExactly(
                        Map.entry("s", new ErrorRates.Rate(1, 1)),
                        Map.entry("s/a/b", new ErrorRates.Rate(1, 0)),
                        Map.entry("s/clip-1", new ErrorRates.Rate(2, 1)));
        assertThat(rates.byStream().get("s/clip-1").percent()).isEqualTo(50);
        assertThatThrownBy(() -> LABELS.errorRates(List.of(window("third", 0, 10))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("no label is on any of the 1 windows");
    }

    private static Classification window(String stream, long start, long end) {
        return new Classification(
                stream,
                0,
                0,
                start,
                end,
                "off",
                List.of("off", "on"),
                new float[] {0.75f, 0.25f},
                "m");
    }
}
