/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

/**
 * What a transform keeps of one segment between two blocks. The transform alone knows the layout;
 * it changes the arrays in place, whose lengths never change.
 *
 * @param counters whole numbers, such as samples seen
 * @param values filter memory and the like
 */
public record TransformState(long[] counters, double[] values) {
    private static final long[] NO_COUNTERS = {};
    private static final double[] NO_VALUES = {};

    /** For a transform without memory. */
    public static TransformState none() {
        return new TransformState(NO_COUNTERS, NO_VALUES);
    }

    /** All zero. */
    public static TransformState zeros(int counters, int values) {
        return new TransformState(new long[counters], new double[values]);
    }
}
