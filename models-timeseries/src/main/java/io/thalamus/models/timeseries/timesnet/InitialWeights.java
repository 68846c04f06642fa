/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.NamedWeights;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.SeededValues;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The weights that a training begins with, drawn as the reference draws them (He et al., "Delving
 * Deep into Rectifiers", ICCV 2015, for the convolutions). Each weight is drawn when it is first
 * asked for, from the seed and its name alone.
 */
final class InitialWeights implements NamedWeights {
    private final SeededValues random;
    private final Map<String, Tensor> drawn = new LinkedHashMap<>();

    InitialWeights(long seed) {
        this.random = new SeededValues(seed);
    }

    /** All that was asked for so far. */
    Map<String, Tensor> drawn() {
        return drawn;
    }

    /** Whether a weight is learned: all but what is computed from its place. */
    static boolean isLearned(String name) {
        return !name.endsWith(TimesNetWeights.FIXED_TABLE);
    }

    @Override
    public boolean has(String name) {
        return drawn.containsKey(name);
    }

    @Override
    public Tensor weight(String name, int... shape) {
        return drawn.computeIfAbsent(name, missing -> Tensor.of(draw(missing, shape), shape));
    }

    private float[] draw(String name, int[] shape) {
        int size = Tensor.size(shape);
        int area = size / shape[0] / (shape.length > 1 ? shape[1] : 1);
        if (!isLearned(name)) {
            return TimesNetWeights.positionCode(shape[0], shape[1]);
        }
        if (name.equals(TimesNetWeights.NORM_WEIGHT)) {
            return constant(1, size);
        }
        if (name.equals(TimesNetWeights.NORM_BIAS)) {
            return constant(0, size);
        }
        if (name.contains(MergedKernel.KERNELS)) {
            return shape.length == 1
                    ? constant(0, size)
                    : random.normal(name, Math.sqrt(2.0 / (shape[0] * area)), size);
        }
        if (name.equals(TimesNetWeights.TOKEN)) {
            return random.normal(name, Math.sqrt(2.0 / (shape[1] * area)), size);
        }
        if (name.endsWith(TimesNetWeights.LEARNED_TABLE)) {
            return random.normal(name, 1, size);
        }
        return random.uniform(name, 1 / Math.sqrt(inputs(name, shape)), size);
    }

    /** How many values a linear map adds up. */
    private int inputs(String name, int[] shape) {
        if (shape.length > 1) {
            return shape[1];
        }
        Tensor weight = drawn.get(name.replace(".bias", ".weight"));
        return weight.dimension(1);
    }

    private static float[] constant(float value, int size) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }
}
