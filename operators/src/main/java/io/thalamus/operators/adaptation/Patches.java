/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * What the neurons of a layer see: for a convolution the zero-padded part of the input under the
 * kernel, at each of its steps; for a linear layer the input as it is. A patch has the order of a
 * flattened kernel {@code [channels, rows, columns]}, and is not flipped.
 *
 * @param channels of the input
 * @param rows the first axis of the kernel; {@link Axis#none} for one dimension
 * @param columns the last axis of the kernel
 */
public record Patches(int channels, Axis rows, Axis columns) {

    /** Of a layer that sees all of its {@code inputs} at once. */
    public static Patches linear(int inputs) {
        return new Patches(inputs, Axis.none(), Axis.none());
    }

    /** Of a convolution over time. */
    public static Patches overTime(int channels, Axis time) {
        return new Patches(channels, Axis.none(), time);
    }

    /** Values of a patch. */
    public int size() {
        return channels * rows.kernel() * columns.kernel();
    }

    /** Patches of a sample, row by row. */
    public int perSample() {
        return rows.steps() * columns.steps();
    }

    /** Values of a sample. */
    public int inputSize() {
        return channels * rows.size() * columns.size();
    }

    /**
     * Copies a patch.
     *
     * @param input samples {@code [channels, rows, columns]}, one after the other
     * @param sample which of them
     * @param index which patch of it
     * @param patch takes {@link #size} values
     */
    void read(float[] input, int sample, int index, double[] patch) {
        int rowStep = index / columns.steps();
        int columnStep = index % columns.steps();
        int at = 0;
        for (int channel = 0; channel < channels; channel++) {
            int map = sample * inputSize() + channel * rows.size() * columns.size();
            for (int rowTap = 0; rowTap < rows.kernel(); rowTap++) {
                int row = rows.position(rowStep, rowTap);
                boolean inside = row >= 0 && row < rows.size();
                for (int tap = 0; tap < columns.kernel(); tap++) {
                    int column = columns.position(columnStep, tap);
                    patch[at++] =
                            inside && column >= 0 && column < columns.size()
                                    ? input[map + row * columns.size() + column]
                                    : 0;
                }
            }
        }
    }
}
