/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.HashSet;
import java.util.Set;

/**
 * Convolutions that oneDNN 2.4, which is in MXNet 1.9.1, computes wrongly on processors with
 * AVX-512: sums of other taps, not rounding. Seen with kernels of nine columns and more, on images
 * two columns narrower than the kernel. A kernel with a column of zeros on each side, and padding
 * to match, has the same result and is computed rightly.
 */
public final class WrongConvolution {
    /** The smallest padding that fails is four columns; from here on none is risked. */
    private static final int RISKY_PADDING = 2;

    private WrongConvolution() {}

    /**
     * Whether a convolution must be widened.
     *
     * @param image {@code [B, C, H, W]}
     * @param kernel {@code [O, C, h, w]}
     */
    public static boolean is(Conv2d how, int[] image, int[] kernel) {
        int columns = (kernel[3] - 1) * how.dilationColumns() + 1;
        return how.padColumns() >= RISKY_PADDING && image[3] == columns - 2;
    }

    /** The ids of a graph's convolutions that must be widened, given the shape of each tensor. */
    public static Set<Integer> in(TensorGraph graph, int[][] shapes) {
        Set<Integer> wrong = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Conv2d how
                    && is(
                            how,
                            shapes[node.arguments().get(0).id()],
                            shapes[node.arguments().get(1).id()])) {
                wrong.add(node.id());
            }
        }
        return wrong;
    }

    /** The same convolution for a kernel with a column of zeros on each side. */
    public static Conv2d widened(Conv2d how) {
        return new Conv2d(
                how.strideRows(),
                how.strideColumns(),
                how.padRows(),
                how.padColumns() + how.dilationColumns(),
                how.dilationRows(),
                how.dilationColumns(),
                how.groups());
    }

    /** A kernel with a column of zeros on each side. */
    public static Tensor widened(Tensor kernel) {
        int columns = kernel.dimension(3);
        int rows = kernel.size() / columns;
        float[] wide = new float[rows * (columns + 2)];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(kernel.data(), row * columns, wide, row * (columns + 2) + 1, columns);
        }
        return Tensor.of(
                wide, kernel.dimension(0), kernel.dimension(1), kernel.dimension(2), columns + 2);
    }

    /**
     * What of the gradient by a widened kernel is by the kernel itself: all but the outer columns.
     */
    public static Tensor narrowed(Tensor wide) {
        int columns = wide.dimension(3) - 2;
        int rows = wide.size() / wide.dimension(3);
        float[] kernel = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(wide.data(), row * (columns + 2) + 1, kernel, row * columns, columns);
        }
        return Tensor.of(kernel, wide.dimension(0), wide.dimension(1), wide.dimension(2), columns);
    }
}
