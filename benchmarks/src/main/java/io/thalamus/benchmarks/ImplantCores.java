/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.thalamus.schemas.Classification;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * How many cores 64 implants of 128 channels at 2000 Hz keep busy in one process, with a word of
 * each every second: the processor time of the whole process, Flink's and the collector's with it,
 * for each second that is played, as fast as it goes. The processor time is that of the frames
 * behind the first five seconds.
 *
 * <p>Arguments: the bundle, and the implants; 64 if there is none.
 */
public final class ImplantCores {
    private static final int FRAME = 200;
    private static final int WARM_UP_SECONDS = 5;
    private static final int SECONDS = 15;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ImplantCores() {}

    public static void main(String[] arguments) throws Exception {
        int streams = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 64;
        new Implants(streams, FRAME)
                .play(arguments[0], SECONDS, "1s", 32, number -> number, new Meter());
        double cores =
                (Meter.lastCpu - Meter.firstCpu) / 1e9 / (Meter.lastSecond - Meter.firstSecond);
        double elapsed =
                (Meter.lastNanos - Meter.firstNanos) / 1e9 / (Meter.lastSecond - Meter.firstSecond);
        System.out.println("| implants | words | cores | seconds for a second, one task |");
        System.out.println("| --- | --- | --- | --- |");
        System.out.printf(
                Locale.ROOT, "| %d | %d | %.2f | %.2f |%n", streams, Meter.words, cores, elapsed);
    }

    /** Notes what the process has used by the time that words of a second come. */
    private static final class Meter implements MapFunction<Classification, Classification> {
        private static int words;
        private static long firstSecond;
        private static long firstCpu;
        private static long firstNanos;
        private static long lastSecond;
        private static long lastCpu;
        private static long lastNanos;

        @Override
        public Classification map(Classification word) {
            words++;
            long second = word.endNanos() / 1_000_000_000;
            if (second >= WARM_UP_SECONDS && second > lastSecond) {
                lastSecond = second;
                lastCpu = SYSTEM.getProcessCpuTime();
                lastNanos = System.nanoTime();
                if (firstSecond == 0) {
                    firstSecond = second;
                    firstCpu = lastCpu;
                    firstNanos = lastNanos;
                }
            }
            return word;
        }
    }
}
