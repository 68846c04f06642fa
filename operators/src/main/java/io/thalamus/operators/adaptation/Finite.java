/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/** Whether values are all numbers: what is learned from others would never be right again. */
public final class Finite {

    private Finite() {}

    /** Whether none is infinite or no number. */
    public static boolean are(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
