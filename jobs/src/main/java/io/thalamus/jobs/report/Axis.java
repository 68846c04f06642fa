/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How an axis is divided. */
public enum Axis {
    /** Plain numbers. */
    NUMBER {
        @Override
        List<Tick> ticks(double low, double high, int most) {
            double step = step((high - low) / most);
            List<Tick> ticks = ticks(low, high, step);
            // One mark alone says nothing of the scale.
            return ticks.size() < 2 ? ticks(low, high, step(step * 0.4)) : ticks;
        }

        private List<Tick> ticks(double low, double high, double step) {
            int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
            List<Tick> ticks = new ArrayList<>();
            for (double n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) {
                ticks.add(
                        new Tick(
                                n * step,
                                String.format(
                                        Locale.ROOT, "%,." + decimals + "f", n * step + 0.0)));
            }
            return ticks;
        }

        private double step(double least) {
            double power = Math.pow(10, Math.floor(Math.log10(least)));
            for (double factor : new double[] {1, 2, 5}) {
                if (factor * power >= least * (1 - 1e-9)) {
                    return factor * power;
                }
            }
            return 10 * power;
        }
    },

    /** Seconds since the epoch, shown in UTC. */
    TIME {
        @Override
        List<Tick> ticks(double low, double high, int most) {
            if ((high - low) / LONGEST_STEP > most) {
                return months(low, high, most);
            }
            long step = LONGEST_STEP;
            for (int i = STEPS.length - 1; i >= 0; i--) {
                if ((high - low) / STEPS[i] <= most) {
                    step = STEPS[i];
                }
            }
            DateTimeFormatter format = step % DAY == 0 ? DAYS : HOURS;
            List<Tick> ticks = new ArrayList<>();
            for (long n = (long) Math.ceil(low / step); n * step <= high; n++) {
                ticks.add(new Tick(n * step, format.format(time(n * step))));
            }
            return ticks;
        }

        private List<Tick> months(double low, double high, int most) {
            OffsetDateTime first =
                    time((long) low)
                            .toLocalDate()
                            .withDayOfYear(1)
                            .atStartOfDay()
                            .atOffset(ZoneOffset.UTC);
            int step = 1;
            while ((high - low) / (step * MONTH) > most) {
                step = step == 1 ? 3 : 2 * step; // a quarter, half a year, a year ...
            }
            List<Tick> ticks = new ArrayList<>();
            for (OffsetDateTime at = first; at.toEpochSecond() <= high; at = at.plusMonths(step)) {
                if (at.toEpochSecond() >= low) {
                    ticks.add(new Tick(at.toEpochSecond(), MONTH_NAMES.format(at)));
                }
            }
            return ticks;
        }

        private OffsetDateTime time(long seconds) {
            return Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.UTC);
        }
    };

    private static final long DAY = Duration.ofDays(1).toSeconds();
    private static final long[] STEPS = {
        60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, DAY, 2 * DAY, 7 * DAY, 14 * DAY
    };
    private static final long LONGEST_STEP = STEPS[STEPS.length - 1];
    private static final long MONTH = 30 * DAY;
    private static final DateTimeFormatter DAYS =
            DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
    private static final DateTimeFormatter MONTH_NAMES =
            DateTimeFormatter.ofPattern("MMM yyyy", Locale.ENGLISH);
    private static final DateTimeFormatter HOURS =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);

    /** A mark with its label. */
    record Tick(double value, String label) {}

    /** At most about {@code most} marks between two values, at round places. */
    abstract List<Tick> ticks(double low, double high, int most);
}
