/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/** How parameters follow the gradient of a loss. */
public sealed interface Optimiser {

    /**
     * One step.
     *
     * @param parameters are changed
     * @return what the optimiser remembers after it
     */
    Moments step(float[] parameters, double[] gradient, Moments before);

    /**
     * Stochastic gradient descent.
     *
     * @param rate the learning rate
     */
    record Sgd(double rate) implements Optimiser {
        @Override
        public Moments step(float[] parameters, double[] gradient, Moments before) {
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] -= rate * gradient[i];
            }
            return new Moments(before.steps() + 1, before.first(), before.second());
        }
    }

    /**
     * Adam (Kingma and Ba, 1412.6980) with correction of the bias.
     *
     * @param rate the learning rate
     * @param beta1 how slowly the mean of the gradient moves
     * @param beta2 how slowly that of its square moves
     * @param epsilon added to the root of the latter
     */
    record Adam(double rate, double beta1, double beta2, double epsilon) implements Optimiser {
        /** With the betas and the epsilon of the paper. */
        public static Adam of(double rate) {
            return new Adam(rate, 0.9, 0.999, 1e-8);
        }

        @Override
        public Moments step(float[] parameters, double[] gradient, Moments before) {
            boolean start = before.first().length == 0;
            double[] first = start ? new double[parameters.length] : before.first().clone();
            double[] second = start ? new double[parameters.length] : before.second().clone();
            long steps = before.steps() + 1;
            double firstBias = 1 - StrictMath.pow(beta1, steps);
            double secondBias = 1 - StrictMath.pow(beta2, steps);
            for (int i = 0; i < parameters.length; i++) {
                first[i] = beta1 * first[i] + (1 - beta1) * gradient[i];
                second[i] = beta2 * second[i] + (1 - beta2) * gradient[i] * gradient[i];
                double root = Math.sqrt(second[i] / secondBias) + epsilon;
                parameters[i] -= rate * (first[i] / firstBias) / root;
            }
            return new Moments(steps, first, second);
        }
    }
}
