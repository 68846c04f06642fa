/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.Arrays;

/**
 * A float32 array with a shape, row-major, that can be used again with another shape without
 * allocating.
 */
public final class Tensor {
    private int[] shape;
    private int size;
    private float[] data;

    private Tensor(float[] data, int[] shape, int size) {
        this.data = data;
        this.shape = shape;
        this.size = size;
    }

    /** A tensor of no elements, to be given a shape by {@link #reshape}. */
    public static Tensor empty() {
        return new Tensor(new float[0], new int[] {0}, 0);
    }

    /** Wraps an array. */
    public static Tensor of(float[] data, int... shape) {
        int size = size(shape);
        if (size != data.length) {
            throw new IllegalArgumentException(
                    "shape %s does not hold %d values"
                            .formatted(Arrays.toString(shape), data.length));
        }
        return new Tensor(data, shape.clone(), size);
    }

    /** Takes another shape; the values are undefined afterwards. */
    public Tensor reshape(int... newShape) {
        if (!Arrays.equals(shape, newShape)) {
            size = size(newShape);
            shape = newShape.clone();
            if (data.length < size) {
                data = new float[size];
            }
        }
        return this;
    }

    /** The values; the array may be longer than {@link #size()}. */
    public float[] data() {
        return data;
    }

    public int size() {
        return size;
    }

    public int rank() {
        return shape.length;
    }

    public int dimension(int axis) {
        return shape[axis];
    }

    /** The shape; not to be modified. */
    public int[] shape() {
        return shape;
    }

    /** The number of elements of a shape. */
    public static int size(int... shape) {
        long size = 1;
        for (int dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("negative size in " + Arrays.toString(shape));
            }
            size = Math.multiplyExact(size, (long) dimension);
        }
        return Math.toIntExact(size);
    }

    @Override
    public String toString() {
        return "Tensor" + Arrays.toString(shape);
    }
}
