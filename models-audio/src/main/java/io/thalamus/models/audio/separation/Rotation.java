/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;

/**
 * Rotates the first dimensions of queries and keys by angles that grow with time, two neighbours
 * {@code (a, b)} to {@code (a cos - b sin, b cos + a sin)}: {@code x cos + y sin}, where {@code y}
 * has {@code (-b, a)} in their place. Divides by the size of a group what asks within groups, and
 * by the number of frames what asks all of them.
 */
final class Rotation {
    private final FrameGraph frames;
    private final TensorGraph graph;
    private final int width;
    private final int rotated;
    private final Node cosines;
    private final Node sines;
    private final int heads;

    /**
     * Rotations.
     *
     * @param frequencies in radians a frame, of each pair
     * @param width of each head
     * @param factors what each head is multiplied by besides
     */
    Rotation(FrameGraph frames, float[] frequencies, int width, double... factors) {
        this.frames = frames;
        this.graph = frames.graph();
        this.width = width;
        this.rotated = 2 * frequencies.length;
        this.heads = factors.length;
        int length = frames.frames();
        float[] cos = new float[heads * width * length];
        float[] sin = new float[heads * width * length];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < width; i++) {
                int row = (head * width + i) * length;
                for (int t = 0; t < length; t++) {
                    // in float32, as the reference has it
                    double angle = i < rotated ? (float) t * frequencies[i / 2] : 0;
                    cos[row + t] = (float) (factors[head] * Math.cos(angle));
                    sin[row + t] = (float) (factors[head] * Math.sin(angle));
                }
            }
        }
        cosines = frames.weight("rotation.cosines", cos, 1, heads * width, 1, length);
        sines = frames.weight("rotation.sines", sin, 1, heads * width, 1, length);
    }

    /**
     * Fills the second half of a linear layer's rows with those that give the neighbours in each
     * other's place.
     *
     * @param matrix {@code [2 heads width, width]}, the first half of which is there
     */
    void swap(float[] matrix, float[] bias, int ofHeads) {
        int half = ofHeads * width;
        int inputs = matrix.length / (2 * half);
        for (int row = 0; row < half; row++) {
            int i = row % width;
            if (i < rotated) {
                int from = i % 2 == 0 ? row + 1 : row - 1;
                float sign = i % 2 == 0 ? -1 : 1;
                for (int input = 0; input < inputs; input++) {
                    matrix[(half + row) * inputs + input] = sign * matrix[from * inputs + input];
                }
                bias[half + row] = sign * bias[from];
            }
        }
    }

    /** Rotates all heads, with the neighbours in each other's place behind them. */
    Node apply(Node both) {
        Node straight = frames.channels(both, 0, heads * width);
        Node swapped = frames.channels(both, heads * width, FrameGraph.TO_END);
        return graph.add(graph.multiply(straight, cosines), graph.multiply(swapped, sines));
    }
}
