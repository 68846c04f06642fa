/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Makes up one of many hourly load series for short-term forecasts: each has a scale, a daily and a
 * weekly season, a trend and a noise of its own, and all its values are positive.
 *
 * <p>With {@code h} the hour since the start, {@code d} the hour of the day and {@code e}
 * independent normal deviates,
 *
 * <pre>
 * x(h) = S (1 + T h / 1000) day(d) week(h) exp(noise(h))
 * day(d)   = exp(A cos(2 pi (d - p) / 24) + B cos(4 pi (d - q) / 24))
 * week(h)  = 1 from Monday to Friday, W on a weekend
 * noise(h) = 0.8 noise(h - 1) + N e
 * </pre>
 *
 * where {@code log10 S} is drawn uniformly from 1 to 4, {@code T} from -0.2 to 0.4, {@code A} from
 * 0.1 to 0.6, {@code B} from 0 to 0.3, {@code W} from 0.5 to 1.1, {@code N} from 0.01 to 0.06,
 * {@code p} from 10 to 20 and {@code q} from 0 to 12. Values are written with two decimals, as a
 * column {@code load} behind {@code date}.
 *
 * @param seed of the whole family
 * @param number of the series within it: the same two make the same file, byte for byte
 * @param start the time of the first row, a full hour
 * @param hours rows, at most {@value #MOST_HOURS}
 */
public record SeriesSimulator(long seed, int number, LocalDateTime start, int hours)
        implements Simulator {
    private static final int MOST_HOURS = 2000;
    private static final double TWO_PI = 2 * StrictMath.PI;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    public SeriesSimulator {
        if (hours < 1 || hours > MOST_HOURS) {
            // A falling trend would reach zero.
            throw new IllegalArgumentException(
                    "a series has 1 to %d rows, not %d".formatted(MOST_HOURS, hours));
        }
    }

    @Override
    public void write(Appendable out) throws IOException {
        Noise figures = new Noise(seed).branch(number).branch(1);
        double scale = StrictMath.pow(10, 1 + 3 * figures.uniform());
        double trend = -0.2 + 0.6 * figures.uniform();
        double once = 0.1 + 0.5 * figures.uniform();
        double twice = 0.3 * figures.uniform();
        double weekend = 0.5 + 0.6 * figures.uniform();
        double deviation = 0.01 + 0.05 * figures.uniform();
        double peak = 10 + 10 * figures.uniform();
        double peaks = 12 * figures.uniform();
        Noise deviates = new Noise(seed).branch(number).branch(2);
        double noise = 0;
        out.append("date,load\n");
        for (int hour = 0; hour < hours; hour++) {
            LocalDateTime time = start.plusHours(hour);
            noise = 0.8 * noise + deviation * deviates.normal();
            double day =
                    StrictMath.exp(
                            once * StrictMath.cos(TWO_PI * (time.getHour() - peak) / 24)
                                    + twice
                                            * StrictMath.cos(
                                                    2 * TWO_PI * (time.getHour() - peaks) / 24));
            double week = time.getDayOfWeek().getValue() <= 5 ? 1 : weekend;
            double value = scale * (1 + trend * hour / 1000) * day * week * StrictMath.exp(noise);
            out.append(TIME.format(time))
                    .append(',')
                    .append(BigDecimal.valueOf(Math.round(value * 100), 2).toString())
                    .append('\n');
        }
    }
}
