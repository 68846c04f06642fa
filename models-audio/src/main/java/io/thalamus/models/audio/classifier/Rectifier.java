/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.Tensor;
import java.util.List;

/** The larger of each value and 0. */
final class Rectifier implements Layer {
    private final Tensor result = Tensor.empty();

    @Override
    public Tensor forward(Tensor maps, List<FastWeights> learned) {
        float[] from = maps.data();
        float[] to = result.reshape(maps.shape()).data();
        for (int i = 0; i < result.size(); i++) {
            to[i] = Math.max(0, from[i]);
        }
        return result;
    }

    @Override
    public Tensor backward(Tensor gradient) {
        mask(gradient, result);
        return gradient;
    }

    /** Takes a gradient away where what was given, of the same places, is 0. */
    static void mask(Tensor gradient, Tensor given) {
        float[] slopes = gradient.data();
        float[] active = given.data();
        for (int i = 0; i < gradient.size(); i++) {
            // 1 or 0: a condition would be guessed wrongly half of the time
            slopes[i] *= Math.min(1, active[i] * Float.MAX_VALUE);
        }
    }
}
