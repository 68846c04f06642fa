/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.schemas.Classification;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * How long a word takes from the arrival of its window's last sample to its record: one implant
 * that sends frames of ten milliseconds in real time, and a window every 100 ms. The change of rate
 * looks ten milliseconds ahead, which is part of it.
 *
 * <p>Arguments: the bundle, and the seconds to play; 60 if there is none. {@code training/duin.py
 * published} makes a bundle of the published size.
 */
public final class WordLatency {
    private static final int FRAME = 20;
    private static final long FRAME_NANOS = 10_000_000;
    private static final int HERTZ_OF_MODEL = 1000;

    /** What starts slowly is left out. */
    private static final int WARM_UP_SECONDS = 10;

    private static final double NANOS_PER_MILLI = 1e6;

    private static long[] arrivals;
    private static long[] delays;
    private static int words;

    private WordLatency() {}

    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
        arrivals = new long[seconds * Implants.HERTZ / FRAME];
        delays = new long[10 * seconds];
        new Implants(1, FRAME)
                .play(arguments[0], seconds, "100ms", 1, new Arrival(), new Departure());
        long[] sorted = Arrays.copyOf(delays, words);
        Arrays.sort(sorted);
        System.out.println("| words | p50 in ms | p99 | most |");
        System.out.println("| --- | --- | --- | --- |");
        System.out.printf(
                Locale.ROOT,
                "| %d | %.1f | %.1f | %.1f |%n",
                words,
                sorted[words / 2] / NANOS_PER_MILLI,
                sorted[words * 99 / 100] / NANOS_PER_MILLI,
                sorted[words - 1] / NANOS_PER_MILLI);
    }

    /** Lets each frame come when its last sample is measured. */
    private static final class Arrival implements MapFunction<Long, Long> {
        private static long start;

        @Override
        public Long map(Long number) {
            start = number == 0 ? System.nanoTime() : start;
            long due = start + (number + 1) * FRAME_NANOS;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            arrivals[number.intValue()] = System.nanoTime();
            return number;
        }
    }

    /** Notes how long ago the frame with a window's last sample came. */
    private static final class Departure implements MapFunction<Classification, Classification> {
        @Override
        public Classification map(Classification word) {
            long now = System.nanoTime();
            long end = word.endNanos() / (1_000_000_000 / HERTZ_OF_MODEL);
            long last = (end - 1) * Implants.HERTZ / HERTZ_OF_MODEL;
            if (end > WARM_UP_SECONDS * HERTZ_OF_MODEL) {
                delays[words++] = now - arrivals[(int) (last / FRAME)];
            }
            return word;
        }
    }
}
