/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.models.timeseries.timesnet.TimeMarks.Embedding;
import io.thalamus.models.timeseries.timesnet.TimeMarks.Frequency;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeMarksTest {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));

    /** Friday, day 293 of the year, week 42. */
    private static final String MOMENT = "2017-10-20T13:45:30.999Z";

    @ParameterizedTest
    @CsvSource({
        "s, 30 59, 45 59, 13 23, 4 6, 19 30, 292 365",
        "t, 45 59, 13 23, 4 6, 19 30, 292 365,",
        "h, 13 23, 4 6, 19 30, 292 365,,",
        "d, 4 6, 19 30, 292 365,,,",
        "b, 4 6, 19 30, 292 365,,,",
        "w, 19 30, 41 52,,,,",
        "m, 9 11,,,,,"
    })
    void areTheReferencesForEachFrequency(
            String code, String a, String b, String c, String d, String e, String f) {
        String[] expected = {a, b, c, d, e, f};
        TimeMarks marks = scaled(code);
        float[] features = marks.of(nanos(MOMENT), HOURLY, 1);
        assertThat(features).hasSize(marks.count());
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] == null) {
                assertThat(marks.count()).isLessThanOrEqualTo(i);
            } else {
                String[] ratio = expected[i].split(" ");
                assertThat(features[i])
                        .isEqualTo(
                                (float)
                                        (Double.parseDouble(ratio[0]) / Double.parseDouble(ratio[1])
                                                - 0.5));
            }
        }
    }

    @Test
    void followTheSamplesOverMidnight() {
        // the last hour of a leap year, a Tuesday, and the first of the next
        float[] features = scaled("h").of(nanos("2024-12-31T23:00:00Z"), HOURLY, 2);
        assertThat(features)
                .containsExactly(
                        0.5f,
                        (float) (1 / 6.0 - 0.5),
                        0.5f,
                        0.5f,
                        -0.5f,
                        (float) (2 / 6.0 - 0.5),
                        -0.5f,
                        -0.5f);
    }

    @Test
    void knowTimesBeforeTheEpoch() {
        // the last nanosecond of 1969, a Wednesday
        assertThat(scaled("h").of(-1, HOURLY, 1))
                .containsExactly(0.5f, (float) (2 / 6.0 - 0.5), 0.5f, (float) (364 / 365.0 - 0.5));
    }

    @ParameterizedTest
    @CsvSource({
        // month, day, weekday, hour, quarter of the hour
        "t, 2017-10-20T13:45:30.999Z, 10 20 4 13 3",
        "t, 2024-02-29T00:00:00Z, 2 29 3 0 0",
        "h, 2017-10-20T13:45:30.999Z, 10 20 4 13",
        "s, 2018-12-31T23:59:59Z, 12 31 0 23",
        "d, 2023-01-01T00:00:00Z, 1 1 6 0",
        "b, 2023-01-02T00:00:00Z, 1 2 0 0",
        "w, 2023-01-01T00:00:00Z, 1 1 6 0",
        "m, 2020-05-31T00:00:00Z, 5 31 6 0",
    })
    void pickARowOfEachTable(String code, String moment, String rows) {
        float[] stored = numbers(rows);
        int[] sizes = {13, 32, 7, 24, 4};
        for (Embedding embedding : new Embedding[] {Embedding.FIXED, Embedding.LEARNED}) {
            TimeMarks marks = TimeMarks.of(embedding, Frequency.of(code).orElseThrow());
            float[] features = marks.of(nanos(moment), HOURLY, 1);
            assertThat(features).hasSize(marks.count());
            int first = 0;
            for (int i = 0; i < stored.length; i++) {
                float[] row = Arrays.copyOfRange(features, first, first + sizes[i]);
                float[] wanted = new float[sizes[i]];
                wanted[(int) stored[i]] = 1;
                assertThat(row).as("table %d", i).isEqualTo(wanted);
                first += sizes[i];
            }
            assertThat(first).isEqualTo(features.length);
            assertThat(marks.features(stored)).isEqualTo(features);
        }
    }

    private static float[] numbers(String text) {
        String[] parts = text.split(" ");
        float[] numbers = new float[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = Float.parseFloat(parts[i]);
        }
        return numbers;
    }

    @ParameterizedTest
    @CsvSource({
        // the week by ISO 8601, of 53 in the first two
        "2020-12-31T00:00:00Z, 52",
        "2021-01-03T12:00:00Z, 52",
        "2021-01-04T00:00:00Z, 0",
        "2018-12-31T00:00:00Z, 0",
    })
    void countWeeksAsIsoDoes(String moment, int week) {
        assertThat(scaled("w").of(nanos(moment), HOURLY, 1)[1])
                .isEqualTo((float) (week / 52.0 - 0.5));
    }

    @Test
    void minutesHaveTwoNames() {
        assertThat(scaled("min")).isEqualTo(scaled("t"));
        assertThat(Frequency.of("15min")).isEmpty();
        assertThat(Frequency.codes())
                .contains("t", "min")
                .allSatisfy(code -> assertThat(Frequency.of(code)).isPresent());
    }

    @Test
    void refuseStoredRowsThatTablesDoNotHave() {
        TimeMarks marks = TimeMarks.of(Embedding.FIXED, Frequency.H);
        for (float month : new float[] {13, -1, 0.5f, Float.NaN}) {
            assertThatThrownBy(() -> marks.features(new float[] {month, 1, 0, 0}))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(
                            "x_mark_enc has "
                                    + month
                                    + " for the field MONTH: give whole numbers from 0 to 12");
        }
    }

    private static TimeMarks scaled(String freq) {
        return TimeMarks.of(Embedding.TIME_F, Frequency.of(freq).orElseThrow());
    }

    private static long nanos(String moment) {
        Instant instant = Instant.parse(moment);
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
