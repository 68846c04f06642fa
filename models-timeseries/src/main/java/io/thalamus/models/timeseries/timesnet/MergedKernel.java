/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Safetensors;
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

    /** Reads and merges {@code <prefix>.kernels.<i>.weight} and {@code .bias}. */
    static MergedKernel load(
            ModelBundle bundle, Safetensors file, String prefix, int out, int in, int count) {
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = prefix + ".kernels." + i;
            int size = 2 * i + 1;
            weights.add(bundle.weight(file, name + ".weight", out, in, size, size));
            biases.add(bundle.weight(file, name + ".bias", out));
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

    private static int place(int o, int i, Tensor weight) {
        return (o * weight.dimension(1) + i) * weight.dimension(2) * weight.dimension(3);
    }

    /** The bias, with zeros added. */
    Tensor bias(int paddedOut) {
        return Tensor.of(Arrays.copyOf(bias.data(), paddedOut), paddedOut);
    }
}
