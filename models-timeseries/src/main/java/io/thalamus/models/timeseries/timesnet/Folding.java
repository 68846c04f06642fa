/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;

/** Lays sequences out as images, one row for each period, and back. */
final class Folding {
    private final int length;
    private final int features;
    private final int channels;

    /**
     * For sequences of one size.
     *
     * @param length samples
     * @param features of each sample
     * @param channels of an image: the features, and zeros
     */
    Folding(int length, int features, int channels) {
        this.length = length;
        this.features = features;
        this.channels = channels;
    }

    /**
     * Lays out some of the sequences.
     *
     * @param sequences {@code [windows, length, features]}
     * @param members which of them: {@code count} of these, from {@code first} on
     * @param period samples of a row
     * @param image takes {@code [count, channels, rows, period]}, with zeros after the last sample
     */
    void fold(Tensor sequences, int[] members, int first, int count, int period, Tensor image) {
        int rows = (length + period - 1) / period;
        int size = rows * period;
        image.reshape(count, channels, rows, period);
        float[] pixels = image.data();
        for (int member = 0; member < count; member++) {
            int from = members[first + member] * length * features;
            for (int feature = 0; feature < features; feature++) {
                int to = (member * channels + feature) * size;
                for (int t = 0; t < length; t++) {
                    pixels[to + t] = sequences.data()[from + t * features + feature];
                }
                Arrays.fill(pixels, to + length, to + size, 0);
            }
            int end = (member + 1) * channels * size;
            Arrays.fill(pixels, end - (channels - features) * size, end, 0);
        }
    }

    /**
     * Adds images to the sequences that they belong to.
     *
     * @param images {@code [count, channels, rows, period]}
     * @param members the sequence of each image, from {@code first} on
     * @param weights how much each image counts, from {@code first} on
     * @param sequences {@code [windows, length, features]}
     */
    void addUnfolded(Tensor images, int[] members, double[] weights, int first, Tensor sequences) {
        int size = images.dimension(2) * images.dimension(3);
        float[] sums = sequences.data();
        for (int member = 0; member < images.dimension(0); member++) {
            float weight = (float) weights[first + member];
            int to = members[first + member] * length * features;
            for (int feature = 0; feature < features; feature++) {
                int from = (member * channels + feature) * size;
                for (int t = 0; t < length; t++) {
                    sums[to + t * features + feature] += weight * images.data()[from + t];
                }
            }
        }
    }
}
