/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/** Whether values are all numbers: what is learned from others would never be right again. */
public final class Finite {

    private Finite() {}

    /** Whether none is infinite or no number. */
    public static boolean are(float[] values) {
        // 0 times anything else is no number; a condition for every value would take twice as long
        int four = values.length & -4;
        for (int i = 0; i < four; i += 4) {
            if (0 * values[i] + 0 * values[i + 1] + 0 * values[i + 2] + 0 * values[i + 3] != 0) {
                return false;
            }
        }
        for (int i = four; i < values.length; i++) {
            if (0 * values[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
