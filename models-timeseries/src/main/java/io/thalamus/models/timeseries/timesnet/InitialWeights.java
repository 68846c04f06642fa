/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The weights that a training begins with, drawn as the reference draws them (He et al., "Delving
 * Deep into Rectifiers", ICCV 2015, for the convolutions). Each weight is drawn when it is first
 * asked for, from the seed and its name alone.
 */
final class InitialWeights implements NamedWeights {
    private final long seed;
    private final Map<String, Tensor> drawn = new LinkedHashMap<>();

    InitialWeights(long seed) {
        this.seed = seed;
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
                    : normal(name, Math.sqrt(2.0 / (shape[0] * area)), size);
        }
        if (name.equals(TimesNetWeights.TOKEN)) {
            return normal(name, Math.sqrt(2.0 / (shape[1] * area)), size);
        }
        if (name.endsWith(TimesNetWeights.LEARNED_TABLE)) {
            return normal(name, 1, size);
        }
        return uniform(name, 1 / Math.sqrt(inputs(name, shape)), size);
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

    private SplittableRandom random(String name) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() ^ name.hashCode());
    }

    private float[] uniform(String name, double bound, int size) {
        SplittableRandom random = random(name);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    /** By the formula of Box and Muller, in functions that give the same bits everywhere. */
    private float[] normal(String name, double deviation, int size) {
        SplittableRandom random = random(name);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
            double angle = 2 * Math.PI * random.nextDouble();
            values[i] = (float) (deviation * radius * StrictMath.cos(angle));
        }
        return values;
    }
}
