/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Rows;
import io.thalamus.operators.inference.Tensor;
import java.util.List;

/** Normalises each group of channels of each window by its own mean and biased variance. */
final class GroupNorm extends NormLayer {
    private final int groupSize;
    private final double epsilon;

    GroupNorm(String name, float[] gain, float[] offset, int groups, double epsilon) {
        super(name, gain, offset);
        groupSize = gain.length / groups;
        this.epsilon = epsilon;
    }

    @Override
    List<Parameter> statistics() {
        return List.of();
    }

    @Override
    void measure(Tensor maps, List<FastWeights> learned, double[] rowMeans, double[] rowInverses) {
        int rows = maps.dimension(0) * channels();
        int size = groupSize * maps.dimension(3);
        for (int group = 0; group < rows / groupSize; group++) {
            double mean = Rows.sum(maps.data(), group * size, size) / size;
            double variance = Rows.squares(maps.data(), group * size, size, mean) / size;
            for (int row = group * groupSize; row < (group + 1) * groupSize; row++) {
                rowMeans[row] = mean;
                rowInverses[row] = 1 / Math.sqrt(variance + epsilon);
            }
        }
    }

    @Override
    void sum(
            Tensor gradient,
            Tensor maps,
            double[] rowMeans,
            double[] rowSums,
            double[] rowProducts) {
        int time = maps.dimension(3);
        for (int row = 0; row < maps.dimension(0) * channels(); row++) {
            double sum = Rows.sum(gradient.data(), row * time, time);
            double product = Rows.products(gradient.data(), maps.data(), row * time, time);
            rowSums[row] = sum;
            rowProducts[row] = product - rowMeans[row] * sum;
        }
    }

    @Override
    void couple(double[] rowSums, double[] rowProducts, int windows, int time) {
        double size = (double) groupSize * time;
        for (int group = 0; group < windows * channels() / groupSize; group++) {
            double sum = 0;
            double product = 0;
            for (int row = group * groupSize; row < (group + 1) * groupSize; row++) {
                sum += rowSums[row];
                product += rowProducts[row];
            }
            for (int row = group * groupSize; row < (group + 1) * groupSize; row++) {
                rowSums[row] = sum / size;
                rowProducts[row] = product / size;
            }
        }
    }

    @Override
    double drift(int channel) {
        return 0;
    }
}
