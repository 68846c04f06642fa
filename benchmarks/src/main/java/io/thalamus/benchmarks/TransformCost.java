/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What {@link TransformBenchmark} measures, in time of the processor instead of time of day, and of
 * many short rounds the best: for machines that others use as well. Prints a row of a table: the
 * transform, and for each number of channels millions of samples a second in all channels together,
 * and the bytes that a block allocates.
 */
public final class TransformCost {
    private static final int[] CHANNELS = {1, 16, 128};
    private static final long NANOS_EACH = 1_000_000_000;
    private static final long NANOS_OF_A_ROUND = 2_000_000;

    private TransformCost() {}

    /**
     * @param args one transform, named as the benchmark's parameter; a virtual machine that has run
     *     others runs it less well
     */
    public static void main(String[] args) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        StringBuilder row = new StringBuilder("| `" + args[0] + "` |");
        for (int channels : CHANNELS) {
            TransformBenchmark benchmark = new TransformBenchmark();
            benchmark.transform = args[0];
            benchmark.channels = channels;
            benchmark.prepare();
            double best = Double.POSITIVE_INFINITY;
            double least = Double.POSITIVE_INFINITY;
            int blocks = 1;
            long end = thread.getCurrentThreadCpuTime() + NANOS_EACH;
            while (thread.getCurrentThreadCpuTime() < end) {
                long bytes = thread.getCurrentThreadAllocatedBytes();
                long start = thread.getCurrentThreadCpuTime();
                for (int i = 0; i < blocks; i++) {
                    benchmark.block();
                }
                long nanos = thread.getCurrentThreadCpuTime() - start;
                bytes = thread.getCurrentThreadAllocatedBytes() - bytes;
                least = Math.min(least, (double) bytes / blocks);
                if (nanos < NANOS_OF_A_ROUND) {
                    blocks *= 2;
                } else {
                    best = Math.min(best, (double) nanos / blocks);
                }
            }
            double samples = (double) TransformBenchmark.BLOCK * channels;
            row.append(String.format(Locale.ROOT, " %.0f (%.0f B) |", 1e3 * samples / best, least));
        }
        System.out.println(row);
    }
}
