/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.training;

import io.thalamus.operators.inference.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Moves weights against their gradients, each by its own running mean over its own running size
 * (Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1). With a
 * decay, matrices also shrink by that share of the rate, besides (Loshchilov and Hutter, "Decoupled
 * Weight Decay Regularization", ICLR 2019); biases, norms and other vectors do not.
 */
final class Adam {
    private static final double MEAN_DECAY = 0.9;
    private static final double SQUARE_DECAY = 0.999;
    private static final float EPSILON = 1e-8f;

    private final Map<String, Tensor> weights;
    private final double decay;
    private final Map<String, Tensor> means = new LinkedHashMap<>();
    private final Map<String, Tensor> squares = new LinkedHashMap<>();

    /**
     * For weights that are moved in place.
     *
     * @param weights by name
     * @param decay how much matrices shrink, as a share of the rate
     */
    Adam(Map<String, Tensor> weights, double decay) {
        this.weights = weights;
        this.decay = decay;
        weights.forEach(
                (name, weight) -> {
                    means.put(name, Tensor.of(new float[weight.size()], weight.shape()));
                    squares.put(name, Tensor.of(new float[weight.size()], weight.shape()));
                });
    }

    /** The running means of the gradients, by name. */
    Map<String, Tensor> means() {
        return means;
    }

    /** The running means of the gradients' squares, by name. */
    Map<String, Tensor> squares() {
        return squares;
    }

    /**
     * Moves all weights.
     *
     * @param step how many this is, from 1
     */
    void step(Map<String, Tensor> gradients, double rate, long step) {
        float size = (float) (rate / (1 - StrictMath.pow(MEAN_DECAY, step)));
        float root = (float) StrictMath.sqrt(1 - StrictMath.pow(SQUARE_DECAY, step));
        weights.forEach(
                (name, weight) -> {
                    if (decay > 0 && shrinks(name, weight)) {
                        shrink(weight.data(), (float) (1 - rate * decay));
                    }
                    move(
                            weight.data(),
                            gradients.get(name).data(),
                            means.get(name).data(),
                            squares.get(name).data(),
                            size,
                            root);
                });
    }

    private static boolean shrinks(String name, Tensor weight) {
        return weight.rank() > 1 && !name.endsWith(".bias");
    }

    private static void shrink(float[] weights, float factor) {
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= factor;
        }
    }

    private static void move(
            float[] weights,
            float[] gradients,
            float[] means,
            float[] squares,
            float size,
            float root) {
        float meanDecay = (float) MEAN_DECAY;
        float meanShare = (float) (1 - MEAN_DECAY);
        float squareDecay = (float) SQUARE_DECAY;
        float squareShare = (float) (1 - SQUARE_DECAY);
        for (int i = 0; i < weights.length; i++) {
            float gradient = gradients[i];
            means[i] = meanDecay * means[i] + meanShare * gradient;
            squares[i] = squareDecay * squares[i] + squareShare * gradient * gradient;
            weights[i] -= size * means[i] / ((float) Math.sqrt(squares[i]) / root + EPSILON);
        }
    }
}
