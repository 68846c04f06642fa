/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import java.util.stream.DoubleStream;

/** What few outliers do not move. */
final class Median {
    private Median() {}

    /** The upper one of an even number of values. */
    static double of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
