/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Weights of networks of any size. */
final class RandomWeights {
    private RandomWeights() {}

    static TimesNetWeights of(TimesNetConfig config, Random random) {
        int width = config.width();
        int channels = config.channels();
        int length = config.length();
        int input = config.inputLength();
        Map<String, Tensor> tensors = new HashMap<>();
        int embedded = channels + config.marks().count();
        tensors.put(TimesNetWeights.EMBEDDING, linear(random, width, embedded, 1, 3));
        tensors.put(
                TimesNetWeights.POSITION,
                Tensor.of(TimesNetWeights.positionCode(input, width), input, width));
        if (config.task().forecasts()) {
            tensors.put(TimesNetWeights.PREDICT_WEIGHT, linear(random, length, input, 1, 1));
            tensors.put(TimesNetWeights.PREDICT_BIAS, normal(random, 0.1, length));
        }
        tensors.put(TimesNetWeights.NORM_WEIGHT, normal(random, 1, width));
        tensors.put(TimesNetWeights.NORM_BIAS, normal(random, 0.1, width));
        boolean classifies = config.task().classifies();
        int outputs = classifies ? config.classes().size() : channels;
        int inputs = classifies ? length * width : width;
        tensors.put(TimesNetWeights.PROJECTION_WEIGHT, linear(random, outputs, inputs, 1, 1));
        tensors.put(TimesNetWeights.PROJECTION_BIAS, normal(random, 0.1, outputs));
        return new TimesNetWeights(
                tensors,
                IntStream.range(0, config.layers())
                        .mapToObj(
                                layer ->
                                        inceptions(
                                                random,
                                                width,
                                                config.hiddenWidth(),
                                                config.kernels()))
                        .toList());
    }

    static TimesNetWeights.Inceptions inceptions(
            Random random, int width, int hiddenWidth, int kernels) {
        int size = 2 * kernels - 1;
        return new TimesNetWeights.Inceptions(
                new MergedKernel(
                        linear(random, hiddenWidth, width, size, size),
                        normal(random, 0.1, hiddenWidth)),
                new MergedKernel(
                        linear(random, width, hiddenWidth, size, size),
                        normal(random, 0.1, width)));
    }

    /** Of a size that keeps the size of what it is applied to. */
    private static Tensor linear(Random random, int out, int in, int rows, int columns) {
        return normal(random, 1 / Math.sqrt((double) in * rows * columns), out, in, rows, columns);
    }

    static Tensor normal(Random random, double scale, int... shape) {
        float[] data = new float[Tensor.size(shape)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) (scale * random.nextGaussian());
        }
        return Tensor.of(data, shape);
    }
}
