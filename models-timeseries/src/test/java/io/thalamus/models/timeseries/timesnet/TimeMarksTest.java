/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.models.timeseries.timesnet.TimeMarks.Embedding;
import io.thalamus.models.timeseries.timesnet.TimeMarks.Frequency;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.time.Instant;
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

    private static TimeMarks scaled(String freq) {
        return TimeMarks.of(Embedding.TIME_F, Frequency.of(freq).orElseThrow());
    }

    private static long nanos(String moment) {
        Instant instant = Instant.parse(moment);
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
