/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * Sums over a part of an array, in four lanes that are added at the end: one long chain of
 * additions would take four times as long.
 */
public final class Rows {
    private static final int LANES = 4;

    private Rows() {}

    /** Of the values. */
    public static double sum(float[] values, int from, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int end = from + length;
        int whole = end - length % LANES;
        for (int i = from; i < whole; i += LANES) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        for (int i = whole; i < end; i++) {
            a += values[i];
        }
        return (a + b) + (c + d);
    }

    /** Of the squares of distances to a centre. */
    public static double squares(float[] values, int from, int length, double centre) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int end = from + length;
        int whole = end - length % LANES;
        for (int i = from; i < whole; i += LANES) {
            a += (values[i] - centre) * (values[i] - centre);
            b += (values[i + 1] - centre) * (values[i + 1] - centre);
            c += (values[i + 2] - centre) * (values[i + 2] - centre);
            d += (values[i + 3] - centre) * (values[i + 3] - centre);
        }
        for (int i = whole; i < end; i++) {
            a += (values[i] - centre) * (values[i] - centre);
        }
        return (a + b) + (c + d);
    }

    /** Of the products with another array's values at the same places. */
    public static double products(float[] values, float[] others, int from, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int end = from + length;
        int whole = end - length % LANES;
        for (int i = from; i < whole; i += LANES) {
            a += (double) values[i] * others[i];
            b += (double) values[i + 1] * others[i + 1];
            c += (double) values[i + 2] * others[i + 2];
            d += (double) values[i + 3] * others[i + 3];
        }
        for (int i = whole; i < end; i++) {
            a += (double) values[i] * others[i];
        }
        return (a + b) + (c + d);
    }
}
