/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/** Whole numbers among the arrays of {@link FastWeights}, to the bit: 16 bits in each float. */
public final class ExactLongs {
    /** That one takes. */
    public static final int FLOATS = Long.SIZE / Character.SIZE;

    private ExactLongs() {}

    public static void write(long value, float[] to, int at) {
        for (int i = 0; i < FLOATS; i++) {
            to[at + i] = (char) (value >>> i * Character.SIZE);
        }
    }

    public static long read(float[] from, int at) {
        long value = 0;
        for (int i = 0; i < FLOATS; i++) {
            value |= (long) from[at + i] << i * Character.SIZE;
        }
        return value;
    }
}
