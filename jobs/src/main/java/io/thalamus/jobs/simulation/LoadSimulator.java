/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Makes up an hourly recording of an electricity transformer: six loads and the oil's temperature,
 * on about the scale of the data set that the shipped forecaster was trained on. It is an
 * invention: none of its numbers is taken from, or fitted to, a measured series; only each column's
 * mean and deviation are near the measured ones.
 *
 * <p>With {@code h} the hour since the start, {@code d = h mod 24} the hour of the day, {@code w} 1
 * from Monday to Friday and 0.6 on a weekend, and {@code e} independent normal deviates, the load
 * of the whole transformer, without a unit, is
 *
 * <pre>
 * morning(h) = exp(-((d - 8) / 2.5)^2),  evening(h) = exp(-((d - 19) / 3)^2)
 * rhythm(h)  = w (morning + 1.3 evening) - 0.42
 * slow(h)    = 0.995 slow(h - 1) + 0.06 e        the weather: a memory of some days
 * fast(h)    = 0.7 fast(h - 1) + 0.3 e'          what consumers do, for each column its own
 * </pre>
 *
 * and the column {@code c} of mean {@code m}, deviation {@code s} and shares {@code r}, {@code v},
 * {@code f} is
 *
 * <pre>
 * x_c(h) = m + s (r rhythm(h) + v slow(h) + f fast_c(h) + 0.1 drift_c(h))
 * drift_c(h) = sin(2 pi h / 4320 + phase_c)        half a year
 * </pre>
 *
 * The oil follows the load instead, and the season: with {@code season(h) = sin(2 pi h / 8766)},
 * its rhythm is {@code warm(h) = 0.95 warm(h - 1) + 0.05 (2 rhythm(h) + season(h))}. Values are
 * written with three decimals.
 *
 * <p>Of the cells, {@code missingCells} are left empty, by chance, one at a time; and at {@code
 * gaps} hours, by chance and never in the first two days, 1 to 30 rows are left out.
 *
 * @param seed the same seed makes the same file, byte for byte, on every machine
 * @param start the time of the first row, a full hour
 * @param hours rows, those left out included
 * @param missingCells the share of cells that are empty, from 0 to 1
 * @param gaps how many times rows are left out
 */
public record LoadSimulator(
        long seed, LocalDateTime start, int hours, double missingCells, int gaps)
        implements Simulator {

    /** The columns behind {@code date}, in their order. */
    public static final List<String> CHANNELS =
            List.of("HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final int UNBROKEN_START = 48;
    private static final int LONGEST_GAP = 30;

    /** Mean, deviation, and the shares of the rhythm, the weather and the consumers. */
    private record Column(double mean, double deviation, double rhythm, double slow, double fast) {}

    private static final List<Column> COLUMNS =
            List.of(
                    new Column(8, 5.8, 1.6, 0.7, 1.2),
                    new Column(2, 2.1, 1, 0.6, 1.9),
                    new Column(5, 5.5, 1.6, 0.7, 1.2),
                    new Column(0.75, 1.9, 1, 0.6, 1.9),
                    new Column(2.8, 1, 1.7, 0.8, 1),
                    new Column(0.8, 0.63, 1.1, 0.7, 1.8),
                    new Column(17, 9.2, 1, 0.9, 0.3));
    private static final int OIL = COLUMNS.size() - 1;

    public LoadSimulator {
        if (hours < 1) {
            throw new IllegalArgumentException("a recording has at least one row, not " + hours);
        }
        if (!(missingCells >= 0 && missingCells <= 1)) {
            throw new IllegalArgumentException(
                    "missing cells are a share from 0 to 1, not " + missingCells);
        }
        if (gaps < 0 || (gaps > 0 && hours <= UNBROKEN_START)) {
            throw new IllegalArgumentException(
                    gaps + " gaps do not fit in the rows behind the first " + UNBROKEN_START);
        }
    }

    @Override
    public void write(Appendable out) throws IOException {
        Noise noise = new Noise(seed);
        boolean[] leftOut = leftOut(noise.branch(1));
        Noise holes = noise.branch(2);
        Noise weather = noise.branch(3);
        Noise[] consumers = new Noise[COLUMNS.size()];
        double[] phases = new double[COLUMNS.size()];
        for (int c = 0; c < consumers.length; c++) {
            consumers[c] = noise.branch(10 + c);
            phases[c] = 2 * StrictMath.PI * consumers[c].uniform();
        }

        out.append("date");
        for (String channel : CHANNELS) {
            out.append(',').append(channel);
        }
        out.append('\n');
        double slow = 0;
        double warm = 0;
        double[] fast = new double[COLUMNS.size()];
        for (int hour = 0; hour < hours; hour++) {
            LocalDateTime time = start.plusHours(hour);
            double rhythm = rhythm(time);
            double season = StrictMath.sin(2 * StrictMath.PI * hour / 8766);
            slow = 0.995 * slow + 0.06 * weather.normal();
            warm = 0.95 * warm + 0.05 * (2 * rhythm + season);
            StringBuilder row = new StringBuilder(TIME.format(time));
            for (int c = 0; c < COLUMNS.size(); c++) {
                Column column = COLUMNS.get(c);
                fast[c] = 0.7 * fast[c] + 0.3 * consumers[c].normal();
                double drift = StrictMath.sin(2 * StrictMath.PI * hour / 4320 + phases[c]);
                double value =
                        column.rhythm() * (c == OIL ? warm : rhythm)
                                + column.slow() * slow
                                + column.fast() * fast[c]
                                + 0.1 * drift;
                boolean missing = holes.uniform() < missingCells;
                row.append(',')
                        .append(missing ? "" : decimal(column.mean() + column.deviation() * value));
            }
            if (!leftOut[hour]) {
                out.append(row).append('\n');
            }
        }
    }

    private boolean[] leftOut(Noise noise) {
        boolean[] leftOut = new boolean[hours];
        for (int gap = 0; gap < gaps; gap++) {
            int first = noise.between(UNBROKEN_START, hours - 1);
            int last = Math.min(hours - 1, first + noise.between(0, LONGEST_GAP - 1));
            for (int hour = first; hour <= last; hour++) {
                leftOut[hour] = true;
            }
        }
        return leftOut;
    }

    private static double rhythm(LocalDateTime time) {
        double week = time.getDayOfWeek().getValue() <= 5 ? 1 : 0.6;
        double morning = (time.getHour() - 8) / 2.5;
        double evening = (time.getHour() - 19) / 3.0;
        return week
                        * (StrictMath.exp(-morning * morning)
                                + 1.3 * StrictMath.exp(-evening * evening))
                - 0.42;
    }

    /** Three decimals, without the detour over a locale. */
    private static String decimal(double value) {
        return BigDecimal.valueOf(Math.round(value * 1000), 3).toString();
    }
}
