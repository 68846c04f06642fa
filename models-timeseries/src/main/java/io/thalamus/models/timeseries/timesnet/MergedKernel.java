/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.NamedWeights;
import io.thalamus.operators.inference.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The average of convolutions with square kernels of sizes 1, 3, 5 ..., which is one convolution
 * with the average of the kernels, each padded with zeros to the size of the largest.
 *
 * @param weight {@code [out, in, size, size]}
 * @param bias {@code [out]}
 */
record MergedKernel(Tensor weight, Tensor bias) {
    static final String KERNELS = ".kernels.";

    /** Reads and merges {@code <prefix>.kernels.<i>.weight} and {@code .bias}. */
    static MergedKernel load(NamedWeights source, String prefix, int out, int in, int count) {
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = prefix + KERNELS + i;
            int size = 2 * i + 1;
            weights.add(source.weight(name + ".weight", out, in, size, size));
            biases.add(source.weight(name + ".bias", out));
        }
        return merge(weights, biases);
    }

    /** Merges kernels of sizes 1, 3, 5 ..., in this order. */
    static MergedKernel merge(List<Tensor> weights, List<Tensor> biases) {
        int count = weights.size();
        int size = 2 * count - 1;
        int out = weights.get(0).dimension(0);
        int in = weights.get(0).dimension(1);
        double[] weight = new double[Tensor.size(out, in, size, size)];
        double[] bias = new double[out];
        for (int i = 0; i < count; i++) {
            int small = 2 * i + 1;
            int margin = count - 1 - i;
            float[] data = weights.get(i).data();
            for (int plane = 0; plane < out * in; plane++) {
                for (int r = 0; r < small; r++) {
                    for (int c = 0; c < small; c++) {
                        weight[(plane * size + margin + r) * size + margin + c] +=
                                data[(plane * small + r) * small + c];
                    }
                }
            }
            for (int o = 0; o < out; o++) {
                bias[o] += biases.get(i).data()[o];
            }
        }
        return new MergedKernel(
                Tensor.of(average(weight, count), out, in, size, size),
                Tensor.of(average(bias, count), out));
    }

    private static float[] average(double[] sums, int count) {
        float[] averages = new float[sums.length];
        for (int i = 0; i < averages.length; i++) {
            averages[i] = (float) (sums[i] / count);
        }
        return averages;
    }

    /**
     * The kernel cut to the taps at most so many rows and columns off its centre, and with channels
     * of zeros added.
     *
     * @return {@code [paddedOut, paddedIn, 2 rowReach + 1, 2 columnReach + 1]}
     */
    Tensor sized(int rowReach, int columnReach, int paddedOut, int paddedIn) {
        int reach = weight.dimension(2) / 2;
        int rows = 2 * rowReach + 1;
        int columns = 2 * columnReach + 1;
        float[] sized = new float[Tensor.size(paddedOut, paddedIn, rows, columns)];
        for (int o = 0; o < weight.dimension(0); o++) {
            for (int i = 0; i < weight.dimension(1); i++) {
                for (int r = -rowReach; r <= rowReach; r++) {
                    System.arraycopy(
                            weight.data(),
                            place(o, i, weight)
                                    + (reach + r) * (2 * reach + 1)
                                    + reach
                                    - columnReach,
                            sized,
                            ((o * paddedIn + i) * rows + rowReach + r) * columns,
                            columns);
                }
            }
        }
        return Tensor.of(sized, paddedOut, paddedIn, rows, columns);
    }

    /**
     * Adds the gradient by what {@link #sized} and {@link #bias(int)} made of a kernel to this, the
     * gradient by the kernel.
     */
    void addSized(Tensor bySized, Tensor byBias) {
        int reach = weight.dimension(2) / 2;
        int rows = bySized.dimension(2);
        int columns = bySized.dimension(3);
        for (int o = 0; o < weight.dimension(0); o++) {
            for (int i = 0; i < weight.dimension(1); i++) {
                for (int r = 0; r < rows; r++) {
                    int to =
                            place(o, i, weight)
                                    + (reach - rows / 2 + r) * (2 * reach + 1)
                                    + reach
                                    - columns / 2;
                    int from = ((o * bySized.dimension(1) + i) * rows + r) * columns;
                    for (int c = 0; c < columns; c++) {
                        weight.data()[to + c] += bySized.data()[from + c];
                    }
                }
            }
            bias.data()[o] += byBias.data()[o];
        }
    }

    /**
     * The gradients by the kernels that were merged, where this is the gradient by what came of
     * them.
     *
     * @param number of the kernel
     * @param count of kernels
     * @param byWeight takes the gradient, {@code [out, in, 2 number + 1, 2 number + 1]}
     * @param byBias takes the gradient
     */
    void split(int number, int count, Tensor byWeight, Tensor byBias) {
        int size = 2 * count - 1;
        int small = 2 * number + 1;
        int margin = count - 1 - number;
        int planes = byWeight.dimension(0) * byWeight.dimension(1);
        for (int plane = 0; plane < planes; plane++) {
            for (int r = 0; r < small; r++) {
                for (int c = 0; c < small; c++) {
                    byWeight.data()[(plane * small + r) * small + c] =
                            weight.data()[(plane * size + margin + r) * size + margin + c] / count;
                }
            }
        }
        for (int o = 0; o < byBias.size(); o++) {
            byBias.data()[o] = bias.data()[o] / count;
        }
    }

    private static int place(int o, int i, Tensor weight) {
        return (o * weight.dimension(1) + i) * weight.dimension(2) * weight.dimension(3);
    }

    /** The bias, with zeros added. */
    Tensor bias(int paddedOut) {
        return Tensor.of(Arrays.copyOf(bias.data(), paddedOut), paddedOut);
    }
}
