/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * How times are written.
 *
 * @param pattern {@value #ISO} (ISO 8601, a space may stand for the T, and offset and time of day
 *     may be left out), {@value #EPOCH_SECONDS}, {@value #EPOCH_MILLIS}, {@value #EPOCH_MICROS} or
 *     {@value #EPOCH_NANOS} (since 1970 in UTC, with or without a fraction), or a pattern of {@link
 *     DateTimeFormatter}
 * @param zone the zone of times that are written without one. A local time that occurs twice as
 *     clocks go back is taken as the first
 */
public record TimeFormat(String pattern, ZoneId zone) implements Serializable {
    public static final String ISO = "iso";
    public static final String EPOCH_SECONDS = "epoch-seconds";
    public static final String EPOCH_MILLIS = "epoch-millis";
    public static final String EPOCH_MICROS = "epoch-micros";
    public static final String EPOCH_NANOS = "epoch-nanos";

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    public TimeFormat {
        formatter(pattern); // an impossible pattern is found here, not in a running job
    }

    /** ISO 8601 in UTC. */
    public static TimeFormat iso() {
        return new TimeFormat(ISO, ZoneOffset.UTC);
    }

    /**
     * A function from a written time to nanoseconds since the epoch. It throws {@link
     * DateTimeException} for what is no such time, or lies outside the years 1678 to 2261.
     */
    public ToLongFunction<String> parser() {
        return switch (pattern) {
            case EPOCH_SECONDS -> text -> decimalNanos(text, 9);
            case EPOCH_MILLIS -> text -> decimalNanos(text, 6);
            case EPOCH_MICROS -> text -> decimalNanos(text, 3);
            case EPOCH_NANOS -> text -> decimalNanos(text, 0);
            default -> {
                DateTimeFormatter formatter = formatter(pattern);
                yield pattern.equals(ISO)
                        ? text -> nanosOf(formatter.parse(withT(text)))
                        : text -> nanosOf(formatter.parse(text));
            }
        };
    }

    private static DateTimeFormatter formatter(String pattern) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        switch (pattern) {
            case EPOCH_SECONDS, EPOCH_MILLIS, EPOCH_MICROS, EPOCH_NANOS -> {}
            case ISO ->
                    builder.append(DateTimeFormatter.ISO_LOCAL_DATE)
                            .optionalStart()
                            .appendLiteral('T')
                            .append(DateTimeFormatter.ISO_LOCAL_TIME)
                            .optionalStart()
                            .appendOffsetId()
                            .optionalEnd()
                            .optionalStart()
                            .appendOffset("+HHmm", "+0000");
            default -> {
                try {
                    builder.appendPattern(pattern);
                } catch (IllegalArgumentException e) {
                    throw new InvalidInputException(
                            "time format '"
                                    + pattern
                                    + "' is none: "
                                    + e.getMessage()
                                    + "; give iso, epoch-seconds, epoch-millis, epoch-micros,"
                                    + " epoch-nanos or a pattern such as yyyy-MM-dd HH:mm:ss",
                            e);
                }
                // Strict, so that 31 February is refused; the era lets yyyy stand for a year then.
                builder.parseDefaulting(ChronoField.ERA, 1);
            }
        }
        return builder.toFormatter(Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    }

    private static String withT(String text) {
        return text.length() > 10 && text.charAt(10) == ' '
                ? text.substring(0, 10) + 'T' + text.substring(11)
                : text;
    }

    private long nanosOf(TemporalAccessor time) {
        LocalDate date = time.query(TemporalQueries.localDate());
        if (date == null) {
            throw new DateTimeException("it holds no date");
        }
        LocalTime timeOfDay = time.query(TemporalQueries.localTime());
        var local = date.atTime(timeOfDay == null ? LocalTime.MIDNIGHT : timeOfDay);
        ZoneId written = time.query(TemporalQueries.zone());
        ZoneOffset offset = (written == null ? zone : written).getRules().getOffset(local);
        try {
            return Math.addExact(
                    Math.multiplyExact(local.toEpochSecond(offset), NANOS_PER_SECOND),
                    local.getNano());
        } catch (ArithmeticException e) {
            throw new DateTimeException("it lies outside the years 1678 to 2261", e);
        }
    }

    private static long decimalNanos(String text, int digits) {
        try {
            BigDecimal value = new BigDecimal(text);
            // Before any rescaling: 1e999999999 would need that many digits.
            if (Math.abs((long) value.scale()) > 100 || value.precision() > 100) {
                throw new DateTimeException("it lies outside the years 1678 to 2261");
            }
            return value.movePointRight(digits)
                    .setScale(0, RoundingMode.HALF_EVEN)
                    .longValueExact();
        } catch (NumberFormatException e) {
            throw new DateTimeException("it is no number", e);
        } catch (ArithmeticException e) {
            throw new DateTimeException("it lies outside the years 1678 to 2261", e);
        }
    }
}
