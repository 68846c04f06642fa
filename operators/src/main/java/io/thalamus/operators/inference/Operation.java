/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.Arrays;
import java.util.List;

/**
 * An operation of a {@link TensorGraph}. Each knows the shape of its result; what it computes is
 * written once in each back end, which a {@link Visitor} keeps complete.
 */
public sealed interface Operation {

    /**
     * The shape of the result.
     *
     * @param description names the operation in the error message
     * @throws IllegalArgumentException if it cannot work on arguments of these shapes
     */
    int[] shape(String description, List<int[]> arguments);

    <R> R accept(Visitor<R> visitor);

    /** One method for each operation. */
    interface Visitor<R> {
        R conv2d(Conv2d operation);

        R dense(Dense operation);

        R matMul(MatMul operation);

        R layerNorm(LayerNorm operation);

        R unary(Unary operation);

        R binary(Binary operation);

        R scalar(Scalar operation);

        R reshape(Reshape operation);

        R transpose(Transpose operation);

        R slice(Slice operation);

        R concat(Concat operation);
    }

    /** A list of sizes or axes that compares by content. */
    record Axes(int... values) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Axes that && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return Arrays.toString(values);
        }
    }

    /** See {@link TensorGraph#conv2d}. Rows come first in every pair. */
    record Conv2d(
            int strideRows,
            int strideColumns,
            int padRows,
            int padColumns,
            int dilationRows,
            int dilationColumns,
            int groups)
            implements Operation {

        /** Stride, dilation and groups of one. */
        public static Conv2d padded(int padRows, int padColumns) {
            return new Conv2d(1, 1, padRows, padColumns, 1, 1, 1);
        }

        @Override
        public int[] shape(String description, List<int[]> arguments) {
            int[] x = arguments.get(0);
            int[] w = arguments.get(1);
            check(x.length == 4 && w.length == 4, description);
            check(x[1] == w[1] * groups && w[0] % groups == 0, description);
            check(
                    arguments.size() < 3 || Arrays.equals(arguments.get(2), new int[] {w[0]}),
                    description);
            int rows = size(x[2], w[2], strideRows, padRows, dilationRows);
            int columns = size(x[3], w[3], strideColumns, padColumns, dilationColumns);
            check(x[0] > 0 && rows > 0 && columns > 0, description);
            return new int[] {x[0], w[0], rows, columns};
        }

        private static int size(int length, int kernel, int stride, int pad, int dilation) {
            int span = length + 2 * pad - dilation * (kernel - 1) - 1;
            return span < 0 ? 0 : span / stride + 1;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.conv2d(this);
        }
    }

    /** See {@link TensorGraph#dense}. */
    record Dense() implements Operation {
        @Override
        public int[] shape(String description, List<int[]> arguments) {
            int[] x = arguments.get(0);
            int[] w = arguments.get(1);
            check(x.length >= 2 && w.length == 2 && x[x.length - 1] == w[1], description);
            check(
                    arguments.size() < 3 || Arrays.equals(arguments.get(2), new int[] {w[0]}),
                    description);
            int[] shape = x.clone();
            shape[x.length - 1] = w[0];
            return nonEmpty(shape, description);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.dense(this);
        }
    }

    /** See {@link TensorGraph#matMul}. */
    record MatMul(boolean transposeA, boolean transposeB) implements Operation {
        @Override
        public int[] shape(String description, List<int[]> arguments) {
            int[] a = arguments.get(0);
            int[] b = arguments.get(1);
            check(a.length == 3 && b.length == 3 && a[0] == b[0], description);
            check(a[transposeA ? 1 : 2] == b[transposeB ? 2 : 1], description);
            int[] shape = {a[0], a[transposeA ? 2 : 1], b[transposeB ? 1 : 2]};
            return nonEmpty(shape, description);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.matMul(this);
        }
    }

    /** See {@link TensorGraph#layerNorm}. */
    record LayerNorm(double epsilon) implements Operation {
        @Override
        public int[] shape(String description, List<int[]> arguments) {
            int[] x = arguments.get(0);
            int[] affine = {x[x.length - 1]};
            check(Arrays.equals(arguments.get(1), affine), description);
            check(Arrays.equals(arguments.get(2), affine), description);
            return nonEmpty(x, description);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.layerNorm(this);
        }
    }

    /** Operations of one tensor that keep its shape. */
    enum Unary implements Operation {
        SOFTMAX,
        GELU,
        RELU,
        SIGMOID,
        TANH,
        SQRT;

        @Override
        public int[] shape(String description, List<int[]> arguments) {
            return nonEmpty(arguments.get(0), description);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.unary(this);
        }
    }

    /** Operations of two tensors, element by element. */
    enum Binary implements Operation {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE;

        @Override
        public int[] shape(String description, List<int[]> arguments) {
            int[] a = arguments.get(0);
            int[] b = arguments.get(1);
            int[] shape = new int[Math.max(a.length, b.length)];
            for (int i = 1; i <= shape.length; i++) {
                int left = i > a.length ? 1 : a[a.length - i];
                int right = i > b.length ? 1 : b[b.length - i];
                check(left == right || left == 1 || right == 1, description);
                shape[shape.length - i] = Math.max(left, right);
            }
            return nonEmpty(shape, description);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.binary(this);
        }
    }

    /** See {@link TensorGraph#scale}. */
    record Scalar(double factor, double shift) implements Operation {
        @Override
        public int[] shape(String description, List<int[]> arguments) {
            return nonEmpty(arguments.get(0), description);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.scalar(this);
        }
    }

    /** See {@link TensorGraph#reshape}. */
    record Reshape(Axes sizes) implements Operation {
        @Override
        public int[] shape(String description, List<int[]> arguments) {
            int[] x = arguments.get(0);
            int[] shape = sizes.values().clone();
            int open = -1;
            long known = 1;
            for (int i = 0; i < shape.length; i++) {
                if (shape[i] == 0) {
                    check(i < x.length, description);
                    shape[i] = x[i];
                }
                if (shape[i] == -1) {
                    check(open < 0, description);
                    open = i;
                } else {
                    check(shape[i] > 0, description);
                    known *= shape[i];
                }
            }
            long size = Tensor.size(x);
            if (open >= 0) {
                check(size % known == 0, description);
                shape[open] = Math.toIntExact(size / known);
                known *= shape[open];
            }
            check(known == size, description);
            return nonEmpty(shape, description);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.reshape(this);
        }
    }

    /** See {@link TensorGraph#transpose}. */
    record Transpose(Axes order) implements Operation {
        @Override
        public int[] shape(String description, List<int[]> arguments) {
            int[] x = arguments.get(0);
            int[] axes = order.values();
            check(axes.length == x.length, description);
            int[] shape = new int[x.length];
            boolean[] taken = new boolean[x.length];
            for (int i = 0; i < shape.length; i++) {
                check(axes[i] >= 0 && axes[i] < x.length && !taken[axes[i]], description);
                taken[axes[i]] = true;
                shape[i] = x[axes[i]];
            }
            return nonEmpty(shape, description);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.transpose(this);
        }
    }

    /** See {@link TensorGraph#slice}. */
    record Slice(int axis, int begin, int end) implements Operation {
        /** An end that is the axis's own. */
        public static final int TO_END = Integer.MAX_VALUE;

        /** The first position, counted from the start, on an axis of this size. */
        public int first(int size) {
            return begin < 0 ? begin + size : begin;
        }

        /** The position after the last, counted from the start, on an axis of this size. */
        public int last(int size) {
            return end == TO_END ? size : end < 0 ? end + size : end;
        }

        @Override
        public int[] shape(String description, List<int[]> arguments) {
            int[] shape = arguments.get(0).clone();
            check(axis >= 0 && axis < shape.length, description);
            int first = first(shape[axis]);
            int last = last(shape[axis]);
            check(first >= 0 && first < last && last <= shape[axis], description);
            shape[axis] = last - first;
            return nonEmpty(shape, description);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.slice(this);
        }
    }

    /** See {@link TensorGraph#concat}. */
    record Concat(int axis) implements Operation {
        @Override
        public int[] shape(String description, List<int[]> arguments) {
            int[] shape = arguments.get(0).clone();
            check(axis >= 0 && axis < shape.length, description);
            shape[axis] = 0;
            for (int[] part : arguments) {
                check(part.length == shape.length, description);
                for (int i = 0; i < shape.length; i++) {
                    check(i == axis || part[i] == shape[i], description);
                }
                shape[axis] += part[axis];
            }
            return nonEmpty(shape, description);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.concat(this);
        }
    }

    private static int[] nonEmpty(int[] shape, String description) {
        for (int size : shape) {
            check(size > 0, description);
        }
        return shape;
    }

    private static void check(boolean fits, String description) {
        if (!fits) {
            throw new IllegalArgumentException("sizes do not fit: " + description);
        }
    }
}
