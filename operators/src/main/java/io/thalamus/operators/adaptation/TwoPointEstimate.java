/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.Random;

/**
 * The gradient of an error by two values of it, where the network cannot be differentiated (Spall,
 * "Multivariate Stochastic Approximation Using a Simultaneous Perturbation Gradient Approximation",
 * 1992): along a random direction of ones and minus ones. Its mean over directions is the gradient
 * up to the square of the distance. The directions are drawn from the seed and the number of the
 * update alone, by the generator whose numbers Java specifies, so that a replay draws the same.
 *
 * @param distance of both points from the parameters, about 0.01
 * @param seed of the directions
 */
record TwoPointEstimate(double distance, long seed) {

    /** Takes the seeds of one update and the next far apart, as close ones begin alike. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** The direction of an update: ones and minus ones. */
    float[] direction(long update, int parameters) {
        float[] direction = new float[parameters];
        Random random = new Random(seed ^ update * SPREAD);
        for (int i = 0; i < parameters; i++) {
            direction[i] = random.nextBoolean() ? 1 : -1;
        }
        return direction;
    }

    /** A point at which the error is wanted: ahead of the parameters, or behind them. */
    float[] point(float[] parameters, float[] direction, boolean ahead) {
        float[] point = new float[parameters.length];
        for (int i = 0; i < point.length; i++) {
            point[i] = (float) (parameters[i] + (ahead ? distance : -distance) * direction[i]);
        }
        return point;
    }

    /** The estimate, from the errors at both points. */
    double[] gradient(float[] direction, double ahead, double behind) {
        double slope = (ahead - behind) / (2 * distance);
        double[] gradient = new double[direction.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = slope * direction[i];
        }
        return gradient;
    }
}
