/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

/**
 * Keeps memories that decay without end, as when a signal has stopped, from becoming so small that
 * float64 is denormal, with which processors take a hundred times longer.
 */
public final class Denormals {
    /** Far below what any signal leaves, and far above what is denormal. */
    private static final double NOTHING = 1e-200;

    private Denormals() {}

    /** The value, or 0 if it is smaller than what any signal leaves. */
    public static double flushed(double value) {
        return Math.abs(value) < NOTHING ? 0 : value;
    }
}
