/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.models.neural.duin.DuinConfig.Layer;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Tensor;

/**
 * A linear layer over time as one ordinary convolution of rows: kernel {@code [out, in, 1, taps]}
 * with as many zeros before each row as behind it.
 *
 * <p>Dilation becomes zeros among the taps. Where more is padded on one side than on the other,
 * zeros among the taps make up for it. An average over steps is the average of kernels, each
 * shifted by a stride. A transposed convolution of stride s is one that gives s samples at each
 * step: the channels {@code o s .. o s + s - 1} are successive samples of output {@code o}.
 *
 * @param kernel the taps
 * @param stride from step to step
 * @param padding zeros on each side of a row
 */
record TimeKernel(Tensor kernel, int stride, int padding) {

    /** Steps that a layer makes of so many. */
    static int steps(Layer layer, int length) {
        int span = length + left(layer) + right(layer) - reach(layer);
        return span < 0 ? 0 : (span / layer.stride() + 1) / layer.pool();
    }

    private static int reach(Layer layer) {
        return layer.dilation() * (layer.kernel() - 1) + 1;
    }

    /** Zeros before a row. */
    static int left(Layer layer) {
        return (reach(layer) - 1) / 2;
    }

    /** With a stride of one there are as many steps after as before; the odd zero goes here. */
    private static int right(Layer layer) {
        return layer.stride() == 1 ? reach(layer) - 1 - left(layer) : left(layer);
    }

    /**
     * A convolution and the average over steps behind it.
     *
     * @param weight {@code [out, in, taps]}
     */
    static TimeKernel of(Layer layer, Tensor weight) {
        int rows = weight.dimension(0) * weight.dimension(1);
        int padding = Math.max(left(layer), right(layer));
        int lead = padding - left(layer);
        int taps = lead + reach(layer) + (layer.pool() - 1) * layer.stride();
        float[] kernel = new float[rows * taps];
        for (int row = 0; row < rows; row++) {
            for (int step = 0; step < layer.pool(); step++) {
                for (int tap = 0; tap < layer.kernel(); tap++) {
                    int at = lead + step * layer.stride() + tap * layer.dilation();
                    kernel[row * taps + at] +=
                            weight.data()[row * layer.kernel() + tap] / layer.pool();
                }
            }
        }
        return new TimeKernel(
                Tensor.of(kernel, weight.dimension(0), weight.dimension(1), 1, taps),
                layer.stride() * layer.pool(),
                padding);
    }

    /**
     * A transposed convolution that multiplies the length by exactly its stride.
     *
     * @param weight {@code [in, out, taps]}
     */
    static TimeKernel transposed(Layer layer, Tensor weight) {
        int in = weight.dimension(0);
        int out = weight.dimension(1);
        int stride = layer.stride();
        int cut = Math.floorDiv(reach(layer) - stride + 1, 2); // samples that are cut off in front
        // sample r of step t takes tap j from step t - m where dilation j = stride m + r + cut
        int last = Math.floorDiv(reach(layer) - 1 - cut, stride);
        int first = -Math.floorDiv(stride - 1 + cut, stride);
        int padding = Math.max(Math.max(last, -first), 0);
        int lead = padding - last;
        int taps = lead + last - first + 1;
        float[] kernel = new float[out * stride * in * taps];
        for (int m = first; m <= last; m++) {
            for (int r = 0; r < stride; r++) {
                int sample = stride * m + r + cut;
                int tap = sample / layer.dilation();
                if (sample < 0 || sample % layer.dilation() != 0 || tap >= layer.kernel()) {
                    continue;
                }
                for (int o = 0; o < out; o++) {
                    for (int i = 0; i < in; i++) {
                        kernel[((o * stride + r) * in + i) * taps + lead + last - m] =
                                weight.data()[(i * out + o) * layer.kernel() + tap];
                    }
                }
            }
        }
        return new TimeKernel(Tensor.of(kernel, out * stride, in, 1, taps), 1, padding);
    }

    /** Steps that it gives for so many, of which only the first may be wanted. */
    int results(int length) {
        return (length + 2 * padding - kernel.dimension(3)) / stride + 1;
    }

    /** How the convolution is done. */
    Conv2d how() {
        return new Conv2d(1, stride, 0, padding, 1, 1, 1);
    }
}
