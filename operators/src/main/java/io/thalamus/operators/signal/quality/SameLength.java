/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.quality;

/** Signals are compared sample by sample. */
final class SameLength {
    private SameLength() {}

    static void check(double[] first, double[]... others) {
        for (double[] other : others) {
            if (other.length != first.length) {
                throw new IllegalArgumentException(
                        "signals are compared sample by sample: one has %d, another %d"
                                .formatted(first.length, other.length));
            }
        }
    }
}
