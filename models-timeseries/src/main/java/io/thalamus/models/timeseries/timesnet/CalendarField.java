/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import java.time.LocalDate;
import java.time.temporal.IsoFields;

/** A whole number that a calendar or a clock shows. */
enum CalendarField {
    SECOND(0, 59),
    MINUTE(0, 59),
    QUARTER_OF_HOUR(0, 3),
    HOUR(0, 23),
    /** Monday is 0. */
    WEEKDAY(0, 6),
    DAY_OF_MONTH(1, 31),
    DAY_OF_YEAR(1, 366),
    /** By ISO 8601. */
    WEEK_OF_YEAR(1, 53),
    MONTH(1, 12);

    private final int least;
    private final int greatest;

    CalendarField(int least, int greatest) {
        this.least = least;
        this.greatest = greatest;
    }

    int least() {
        return least;
    }

    int greatest() {
        return greatest;
    }

    int of(LocalDate date, int secondOfDay) {
        return switch (this) {
            case SECOND -> secondOfDay % 60;
            case MINUTE -> secondOfDay / 60 % 60;
            case QUARTER_OF_HOUR -> secondOfDay / 900 % 4;
            case HOUR -> secondOfDay / 3600;
            case WEEKDAY -> date.getDayOfWeek().getValue() - 1;
            case DAY_OF_MONTH -> date.getDayOfMonth();
            case DAY_OF_YEAR -> date.getDayOfYear();
            case WEEK_OF_YEAR -> date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case MONTH -> date.getMonthValue();
        };
    }

    /** A value on a scale from -0.5 to 0.5. */
    float scaled(int value) {
        return (float) ((double) (value - least) / (greatest - least) - 0.5);
    }
}
