/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a network is told of the time of a sample, in UTC. A series in local time is to be stamped
 * as if its clock showed UTC.
 *
 * @param embedding how the network takes it in
 * @param fields what it is told, in the reference's order
 */
record TimeMarks(Embedding embedding, List<CalendarField> fields) {
    private static final long NANOS = 1_000_000_000L;
    private static final int DAY = 24 * 60 * 60;

    /** How a network takes in the time: {@code embed}. */
    enum Embedding {
        /** Each field is a feature between -0.5 and 0.5; one matrix maps them. */
        TIME_F("timeF"),
        /** Each field picks a row of a table of sines and cosines. */
        FIXED("fixed"),
        /** Each field picks a row of a table that was learned. */
        LEARNED("learned");

        private final String code;

        Embedding(String code) {
            this.code = code;
        }

        /** The embedding for a value of {@code embed}. */
        static Optional<Embedding> of(String code) {
            return Arrays.stream(values()).filter(e -> e.code.equals(code)).findFirst();
        }

        /** The values of {@code embed}. */
        static List<String> codes() {
            return Arrays.stream(values()).map(e -> e.code).toList();
        }
    }

    /** How far apart samples are: {@code freq}. Finer fields would be the same in each sample. */
    enum Frequency {
        S(
                CalendarField.SECOND,
                CalendarField.MINUTE,
                CalendarField.HOUR,
                CalendarField.WEEKDAY,
                CalendarField.DAY_OF_MONTH,
                CalendarField.DAY_OF_YEAR),
        T(
                CalendarField.MINUTE,
                CalendarField.HOUR,
                CalendarField.WEEKDAY,
                CalendarField.DAY_OF_MONTH,
                CalendarField.DAY_OF_YEAR),
        H(
                CalendarField.HOUR,
                CalendarField.WEEKDAY,
                CalendarField.DAY_OF_MONTH,
                CalendarField.DAY_OF_YEAR),
        D(CalendarField.WEEKDAY, CalendarField.DAY_OF_MONTH, CalendarField.DAY_OF_YEAR),
        B(CalendarField.WEEKDAY, CalendarField.DAY_OF_MONTH, CalendarField.DAY_OF_YEAR),
        W(CalendarField.DAY_OF_MONTH, CalendarField.WEEK_OF_YEAR),
        M(CalendarField.MONTH);

        /** Another name of {@link #T}. */
        private static final String MINUTES = "min";

        private final List<CalendarField> scaled;

        Frequency(CalendarField... scaled) {
            this.scaled = List.of(scaled);
        }

        private String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The frequency for a value of {@code freq}. */
        static Optional<Frequency> of(String code) {
            return Arrays.stream(values())
                    .filter(f -> f.code().equals(code.equals(MINUTES) ? T.code() : code))
                    .findFirst();
        }

        /** The values of {@code freq}. */
        static List<String> codes() {
            return Stream.concat(Arrays.stream(values()).map(Frequency::code), Stream.of(MINUTES))
                    .toList();
        }
    }

    private static final List<CalendarField> TABLES =
            List.of(
                    CalendarField.MONTH,
                    CalendarField.DAY_OF_MONTH,
                    CalendarField.WEEKDAY,
                    CalendarField.HOUR);
    private static final List<CalendarField> TABLES_OF_MINUTES =
            List.of(
                    CalendarField.MONTH,
                    CalendarField.DAY_OF_MONTH,
                    CalendarField.WEEKDAY,
                    CalendarField.HOUR,
                    CalendarField.QUARTER_OF_HOUR);

    /** Of a network that is not told the time. */
    static TimeMarks none() {
        return new TimeMarks(Embedding.TIME_F, List.of());
    }

    /** The marks for values of {@code embed} and {@code freq}. */
    static TimeMarks of(Embedding embedding, Frequency frequency) {
        List<CalendarField> tables = frequency == Frequency.T ? TABLES_OF_MINUTES : TABLES;
        return new TimeMarks(embedding, embedding == Embedding.TIME_F ? frequency.scaled : tables);
    }

    /** Whether each field picks a row of a table, the row of its value's number. */
    boolean isTables() {
        return embedding != Embedding.TIME_F;
    }

    /** Rows of the table of a field. */
    static int rows(CalendarField field) {
        return field.greatest() + 1;
    }

    /**
     * Features of a sample. To pick a row of a table is to add up all rows, each times a feature
     * that is one or zero, so that both kinds of embedding are linear maps.
     */
    int count() {
        return isTables() ? fields.stream().mapToInt(TimeMarks::rows).sum() : fields.size();
    }

    /**
     * The features of consecutive samples.
     *
     * @param startNanos the time of the first
     * @return {@code length x count()} features, one sample after the other
     */
    float[] of(long startNanos, SampleRate rate, int length) {
        return features(stored(startNanos, rate, length));
    }

    /**
     * The marks of consecutive samples as the reference takes them: features, or the numbers of
     * rows.
     *
     * @param startNanos the time of the first
     * @return {@code length x fields} values, one sample after the other
     */
    float[] stored(long startNanos, SampleRate rate, int length) {
        float[] stored = new float[length * fields.size()];
        LocalDate date = null;
        int to = 0;
        for (int i = 0; i < length; i++) {
            long second = Math.floorDiv(startNanos + rate.nanosOf(i), NANOS);
            long day = Math.floorDiv(second, DAY);
            if (date == null || date.toEpochDay() != day) {
                date = LocalDate.ofEpochDay(day);
            }
            for (CalendarField field : fields) {
                int value = field.of(date, Math.floorMod(second, DAY));
                stored[to++] = isTables() ? value : field.scaled(value);
            }
        }
        return stored;
    }

    /**
     * The features of samples whose marks are stored as the reference takes them: features already,
     * or the numbers of rows.
     *
     * @param stored {@code length x fields} values
     * @return {@code length x count()} features, one sample after the other
     */
    float[] features(float[] stored) {
        if (!isTables()) {
            return stored;
        }
        float[] features = new float[stored.length / fields.size() * count()];
        int to = 0;
        for (int i = 0; i < stored.length; i++) {
            CalendarField field = fields.get(i % fields.size());
            int row = (int) stored[i];
            if (row != stored[i] || row < 0 || row > field.greatest()) {
                throw new InvalidInputException(
                        "x_mark_enc has %s for the field %s: give whole numbers from 0 to %d"
                                .formatted(stored[i], field, field.greatest()));
            }
            features[to + row] = 1;
            to += rows(field);
        }
        return features;
    }
}
