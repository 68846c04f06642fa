/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import java.util.Arrays;

/** What measurements that take turns have in common. */
final class Rounds {
    private Rounds() {}

    /**
     * The time since a moment.
     *
     * @param start of {@link System#nanoTime}
     */
    static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
