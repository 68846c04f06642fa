/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import java.util.Arrays;

/**
 * What the neurons of a convolution over time see, as the columns of a matrix: one for each step,
 * in the order of a flattened kernel {@code [channels, kernel]}, zeros where the kernel reaches
 * beyond the window.
 *
 * @param channels of a window
 * @param length of a window
 * @param kernel taps
 * @param padding zeros before a window, and behind it
 */
record Columns(int channels, int length, int kernel, int padding) {

    /** Rows: the values that a neuron sees at once. */
    int size() {
        return channels * kernel;
    }

    /** Columns of one window. */
    int steps() {
        return length + 2 * padding - kernel + 1;
    }

    /** Values of a window. */
    int inputSize() {
        return channels * length;
    }

    /**
     * Writes the columns of a window.
     *
     * @param windows {@code [windows, channels, length]}
     * @param window which of them
     * @param matrix takes them
     * @param from where its first row begins
     * @param width how far its rows are apart
     */
    void read(float[] windows, int window, float[] matrix, int from, int width) {
        for (int channel = 0; channel < channels; channel++) {
            int map = window * inputSize() + channel * length;
            for (int tap = 0; tap < kernel; tap++) {
                int row = from + (channel * kernel + tap) * width;
                int shift = tap - padding;
                int begin = Math.max(0, -shift);
                int end = Math.max(begin, Math.min(steps(), length - shift));
                Arrays.fill(matrix, row, row + Math.min(begin, steps()), 0);
                if (begin < end) {
                    System.arraycopy(
                            windows, map + begin + shift, matrix, row + begin, end - begin);
                }
                Arrays.fill(matrix, row + Math.min(end, steps()), row + steps(), 0);
            }
        }
    }
}
