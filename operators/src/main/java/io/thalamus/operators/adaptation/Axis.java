/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.InvalidInputException;

/**
 * How a kernel moves along one axis of its input.
 *
 * @param size positions of the input
 * @param kernel taps of the kernel
 * @param stride positions from step to step
 * @param padding zeros before the input, and behind it
 * @param dilation positions from tap to tap
 */
public record Axis(int size, int kernel, int stride, int padding, int dilation) {

    public Axis {
        if (size < 1 || kernel < 1 || stride < 1 || padding < 0 || dilation < 1) {
            throw new InvalidInputException(
                    ("a kernel of %d taps, stride %d, padding %d, dilation %d over %d positions:"
                                    + " each must be at least 1, padding at least 0")
                            .formatted(kernel, stride, padding, dilation, size));
        }
        if (size + 2 * padding < dilation * (kernel - 1) + 1) {
            throw new InvalidInputException(
                    "a kernel of %d taps is longer than its input of %d positions"
                            .formatted(kernel, size));
        }
    }

    /** An axis that is not there: one position, one tap. */
    public static Axis none() {
        return new Axis(1, 1, 1, 0, 1);
    }

    /** Steps that the kernel takes. */
    public int steps() {
        return (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
    }

    /** Where in the input a tap lies; outside of it where it lies on padding. */
    int position(int step, int tap) {
        return step * stride - padding + tap * dilation;
    }
}
