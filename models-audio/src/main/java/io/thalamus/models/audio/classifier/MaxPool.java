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
    private final Tensor gathered = Tensor.empty();
    private Tensor pooled;

    MaxPool(int size) {
        this.size = size;
    }

    /** What it gave in the last run. */
    Tensor result() {
        return result;
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

    /**
     * What other maps have where those of the last run had the first of the largest values.
     *
     * @return of the result's shape, its own until the next run
     */
    Tensor gather(Tensor maps) {
        int length = pooled.dimension(3);
        int pools = length / size;
        float[] values = pooled.data();
        float[] from = maps.data();
        float[] to = gathered.reshape(result.shape()).data();
        int rows = pooled.dimension(0) * pooled.dimension(1);
        for (int row = 0; row < rows; row++) {
            int at = row * length;
            for (int pool = row * pools; pool < (row + 1) * pools; pool++) {
                to[pool] = from[largest(values, at)];
                at += size;
            }
        }
        return gathered;
    }

    /** All to the first of the largest values. */
    @Override
    public Tensor backward(Tensor gradient) {
        int length = pooled.dimension(3);
        int pools = length / size;
        float[] values = pooled.data();
        float[] from = gradient.data();
        float[] to = slope.reshape(pooled.shape()).data();
        int rows = pooled.dimension(0) * pooled.dimension(1);
        Arrays.fill(to, 0, slope.size(), 0);
        for (int row = 0; row < rows; row++) {
            int at = row * length;
            for (int pool = row * pools; pool < (row + 1) * pools; pool++) {
                to[largest(values, at)] = from[pool];
                at += size;
            }
        }
        return slope;
    }

    private int largest(float[] values, int at) {
        return size == 2 ? ofPair(values, at) : ofSeveral(values, at);
    }

    /** Where the first of the largest is. */
    private int ofSeveral(float[] values, int at) {
        int largest = at;
        for (int i = at + 1; i < at + size; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest;
    }

    /**
     * By the sign of the difference, as a condition would be guessed wrongly half of the time. Of a
     * negative zero and a positive one that is the second: the slope is right by either.
     */
    private static int ofPair(float[] values, int at) {
        return at + (Float.floatToRawIntBits(values[at] - values[at + 1]) >>> 31);
    }
}
