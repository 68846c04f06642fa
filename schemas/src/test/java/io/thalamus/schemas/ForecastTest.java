/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ForecastTest {

    /**
     * A forecast's time is that of its first sample on the clock of the segment: to the nanosecond
     * where a sample takes whole nanoseconds, and otherwise at most one before it.
     */
    @Property
    void startsWhereTheWindowEndsOnTheSegmentsClock(
            @ForAll @LongRange(min = 1, max = 200_000) long numerator,
            @ForAll @LongRange(min = 1, max = 3_600) long denominator,
            @ForAll @LongRange(max = 100_000) long windowStart,
            @ForAll @IntRange(min = 1, max = 500) int length,
            @ForAll @LongRange(min = -1_000_000_000_000L, max = 2_000_000_000_000_000_000L)
                    long segmentStart) {
        SampleRate rate = new SampleRate(numerator, denominator);
        SignalFrame window =
                new SignalFrame(
                        "s",
                        17 + windowStart,
                        2,
                        segmentStart + rate.nanosOf(windowStart),
                        rate,
                        List.of("a"),
                        new float[length],
                        0);

        Forecast forecast = Forecast.after(window, new float[3], "m");

        assertThat(forecast.sequence()).isEqualTo(17 + windowStart + length);
        long due = segmentStart + rate.nanosOf(windowStart + length);
        boolean wholeNanos = 1_000_000_000L * rate.denominator() % rate.numerator() == 0;
        assertThat(due - forecast.startNanos()).isBetween(0L, wholeNanos ? 0L : 1L);
        assertThat(rate.samplesIn(forecast.startNanos() - segmentStart))
                .isEqualTo(windowStart + length);
    }
}
