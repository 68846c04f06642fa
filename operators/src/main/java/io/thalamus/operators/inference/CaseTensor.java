/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

/**
 * A tensor of a stored case, wide enough for float32, float64 and integer ones alike.
 *
 * @param shape sizes, outermost first
 * @param values row-major
 */
public record CaseTensor(int[] shape, double[] values) {

    public static CaseTensor of(float[] values, int... shape) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return new CaseTensor(shape, wide);
    }

    /** The values as float32. */
    public float[] floats() {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }
}
