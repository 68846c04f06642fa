/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.List;

/** The largest of every few values in time; what is left at the end is not looked at. */
final class MaxPool implements Layer {
    private final int size;
    private final Tensor result = Tensor.empty();
    private final Tensor slope = Tensor.empty();
    private Tensor pooled;

    MaxPool(int size) {
        this.size = size;
    }

    @Override
    public Tensor forward(Tensor maps, List<FastWeights> learned) {
        pooled = maps;
        int length = maps.dimension(3);
        int pools = length / size;
        float[] from = maps.data();
        float[] to = result.reshape(maps.dimension(0), maps.dimension(1), 1, pools).data();
        int rows = maps.dimension(0) * maps.dimension(1);
        for (int row = 0; row < rows; row++) {
            for (int pool = 0; pool < pools; pool++) {
                int at = row * length + pool * size;
                float largest = from[at];
                for (int i = at + 1; i < at + size; i++) {
                    largest = Math.max(largest, from[i]);
                }
                to[row * pools + pool] = largest;
            }
        }
        return result;
    }

    /** All to the first of the largest values. */
    @Override
    public Tensor backward(Tensor gradient) {
        int length = pooled.dimension(3);
        int pools = length / size;
        float[] from = gradient.data();
        float[] to = slope.reshape(pooled.shape()).data();
        Arrays.fill(to, 0, slope.size(), 0);
        int rows = pooled.dimension(0) * pooled.dimension(1);
        for (int row = 0; row < rows; row++) {
            for (int pool = 0; pool < pools; pool++) {
                int at = row * length + pool * size;
                int largest = at;
                for (int i = at + 1; i < at + size; i++) {
                    largest = pooled.data()[i] > pooled.data()[largest] ? i : largest;
                }
                to[largest] = from[row * pools + pool];
            }
        }
        return slope;
    }
}
