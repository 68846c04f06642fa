/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.schemas.SampleRate;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a network is told of the time of a sample, in UTC: features between -0.5 and 0.5, the
 * reference's {@code timeF} for each {@code freq}. A series in local time is to be stamped as if
 * its clock showed UTC.
 */
enum TimeMarks {
    SECONDS(
            "s",
            Feature.SECOND,
            Feature.MINUTE,
            Feature.HOUR,
            Feature.DAY_OF_WEEK,
            Feature.DAY_OF_MONTH,
            Feature.DAY_OF_YEAR),
    MINUTES(
            "t",
            Feature.MINUTE,
            Feature.HOUR,
            Feature.DAY_OF_WEEK,
            Feature.DAY_OF_MONTH,
            Feature.DAY_OF_YEAR),
    HOURS("h", Feature.HOUR, Feature.DAY_OF_WEEK, Feature.DAY_OF_MONTH, Feature.DAY_OF_YEAR),
    DAYS("d", Feature.DAY_OF_WEEK, Feature.DAY_OF_MONTH, Feature.DAY_OF_YEAR),
    BUSINESS_DAYS("b", Feature.DAY_OF_WEEK, Feature.DAY_OF_MONTH, Feature.DAY_OF_YEAR),
    WEEKS("w", Feature.DAY_OF_MONTH, Feature.WEEK_OF_YEAR),
    MONTHS("m", Feature.MONTH);

    private static final long NANOS = 1_000_000_000L;
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    private final String code;
    private final Feature[] features;

    private enum Feature {
        SECOND(60, 0),
        MINUTE(60, 0),
        HOUR(24, 0),
        DAY_OF_WEEK(7, 1),
        DAY_OF_MONTH(31, 1),
        DAY_OF_YEAR(366, 1),
        WEEK_OF_YEAR(53, 1),
        MONTH(12, 1);

        private final int range;
        private final int least;

        /** A count that takes {@code range} values from {@code least} on. */
        Feature(int range, int least) {
            this.range = range;
            this.least = least;
        }

        private float of(LocalDate date, int secondOfDay) {
            int value =
                    switch (this) {
                        case SECOND -> secondOfDay % TimeMarks.MINUTE;
                        case MINUTE -> secondOfDay % TimeMarks.HOUR / TimeMarks.MINUTE;
                        case HOUR -> secondOfDay / TimeMarks.HOUR;
                        case DAY_OF_WEEK -> date.getDayOfWeek().getValue();
                        case DAY_OF_MONTH -> date.getDayOfMonth();
                        case DAY_OF_YEAR -> date.getDayOfYear();
                        case WEEK_OF_YEAR -> date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
                        case MONTH -> date.getMonthValue();
                    };
            return (float) ((double) (value - least) / (range - 1) - 0.5);
        }
    }

    TimeMarks(String code, Feature... features) {
        this.code = code;
        this.features = features;
    }

    /** The marks for a value of {@code freq}. */
    static Optional<TimeMarks> of(String code) {
        return Arrays.stream(values()).filter(marks -> marks.code.equals(code)).findFirst();
    }

    /** The values of {@code freq}. */
    static List<String> codes() {
        return Arrays.stream(values()).map(marks -> marks.code).toList();
    }

    /** Features of a sample. */
    int count() {
        return features.length;
    }

    /**
     * The features of consecutive samples.
     *
     * @param startNanos the time of the first
     * @return {@code length x count()} features, one sample after the other
     */
    float[] of(long startNanos, SampleRate rate, int length) {
        float[] marks = new float[length * features.length];
        LocalDate date = null;
        for (int i = 0; i < length; i++) {
            long second = Math.floorDiv(startNanos + rate.nanosOf(i), NANOS);
            long day = Math.floorDiv(second, DAY);
            if (date == null || date.toEpochDay() != day) {
                date = LocalDate.ofEpochDay(day);
            }
            for (int j = 0; j < features.length; j++) {
                marks[i * features.length + j] = features[j].of(date, Math.floorMod(second, DAY));
            }
        }
        return marks;
    }
}
