/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

/**
 * The distribution of what exceeds a high level: {@code P(Y > y) = (1 + shape y / scale)^(-1 /
 * shape)}, and {@code exp(-y / scale)} where the shape is 0.
 *
 * @param shape how heavy the tail is; 0 is exponential, below 0 it ends
 * @param scale in the unit of the excesses, above 0
 */
record GeneralisedPareto(double shape, double scale) {
    /** A root nearer to 0, in units of 1 / mean, is as good as the exponential. */
    private static final double NEAREST = 1e-4;

    /** A root further off would be a shape of 20 and more, whose quantiles mean nothing. */
    private static final double FURTHEST = 1e9;

    private static final double STEP = 4;
    private static final double NEAREST_TO_THE_END = 1e-9;
    private static final int FACTORS = 16;
    private static final int ITERATIONS = 100;
    private static final double PRECISION = 1e-13;

    /**
     * The fit of highest likelihood. As Grimshaw shows ("Computing Maximum Likelihood Estimates for
     * the Generalized Pareto Distribution", Technometrics 35, 1993), the two equations for the
     * maximum become one, for {@code x = shape / scale}. With {@code u} and {@code v} the means of
     * {@code 1 / (1 + x Y)} and {@code log(1 + x Y)}, and where beside each excess there are {@code
     * share} others of which nothing is known but that they exceed {@code bound}, it is
     *
     * <pre>
     * shape = v + share log(1 + x bound)
     * 0 = 1 - u + share (1 - 1 / (1 + x bound)) - shape u
     * </pre>
     *
     * Of its roots and the exponential, the most likely is taken. Shapes below -1 are left out,
     * where the likelihood has no bound.
     *
     * @param excesses each above 0
     * @param count how many of them there are, at least one
     * @param share how many others there are for each, 0 or more
     * @param bound what the others exceed, 0 or more
     */
    static GeneralisedPareto fit(double[] excesses, int count, double share, double bound) {
        double sum = 0;
        double exceeded = share > 0 ? bound : 0;
        double most = exceeded;
        for (int i = 0; i < count; i++) {
            sum += excesses[i];
            most = Math.max(most, excesses[i]);
        }
        Likelihood likelihood = new Likelihood(excesses, count, share, exceeded, sum / count);
        // From the exponential outwards, in units of 1 / mean ...
        double inner = NEAREST;
        while (inner < FURTHEST) {
            likelihood.search(inner, inner * STEP);
            inner *= STEP;
        }
        // ... and to where the distribution would end before its largest value.
        double end = -likelihood.mean / most;
        inner = NEAREST;
        while (inner < 0.5) {
            double outer = Math.min(inner * STEP, 0.5);
            likelihood.search(end * inner, end * outer);
            inner = outer;
        }
        double rest = 0.5;
        while (rest > NEAREST_TO_THE_END) {
            likelihood.search(end * (1 - rest), end * (1 - rest / STEP));
            rest /= STEP;
        }
        return likelihood.best;
    }

    /** What is exceeded with a probability, above 0 and at most 1. */
    double exceededWith(double probability) {
        double log = StrictMath.log(probability);
        return shape == 0 ? -scale * log : scale / shape * StrictMath.expm1(-shape * log);
    }

    /** The excesses in units of their mean, and the best fit so far. */
    private static final class Likelihood {
        private final double[] excesses;
        private final int count;
        private final double share;
        private final double bound;
        private final double mean;
        private double highest;
        private GeneralisedPareto best;

        /** The mean of log(1 + x Y), and the shape, as of the last {@link #at}. */
        private double meanLogarithm;

        private double shape;

        Likelihood(double[] excesses, int count, double share, double bound, double mean) {
            this.excesses = excesses;
            this.count = count;
            this.share = share;
            this.bound = bound / mean;
            this.mean = mean;
            double scale = 1 + share * this.bound;
            best = new GeneralisedPareto(0, scale * mean);
            highest = -StrictMath.log(scale) - 1;
        }

        private double at(double x) {
            double inverse = 0;
            double logarithm = 0;
            for (int from = 0; from < count; from += FACTORS) {
                // One logarithm for several factors, whose product a double still holds.
                double product = 1;
                for (int i = from; i < Math.min(count, from + FACTORS); i++) {
                    double factor = 1 + x * (excesses[i] / mean);
                    inverse += 1 / factor;
                    product *= factor;
                }
                logarithm += StrictMath.log(product);
            }
            inverse /= count;
            meanLogarithm = logarithm / count;
            double beyond = 1 + x * bound;
            shape = meanLogarithm + share * StrictMath.log(beyond);
            return 1 - inverse + share * (1 - 1 / beyond) - shape * inverse;
        }

        /** Takes the root between two points, if there is one and it is better. */
        void search(double from, double to) {
            double left = from;
            double atLeft = at(left);
            double right = to;
            double atRight = at(right);
            if (atLeft == 0 || !(atLeft < 0 && atRight >= 0 || atLeft > 0 && atRight <= 0)) {
                return;
            }
            // Regula falsi, with the value at an end that stays halved (Illinois).
            double root = right;
            double atRoot = atRight;
            for (int i = 0; i < ITERATIONS && atRoot != 0; i++) {
                if (Math.abs(right - left) <= PRECISION * Math.abs(right)) {
                    break;
                }
                root = (left * atRight - right * atLeft) / (atRight - atLeft);
                atRoot = at(root);
                if (atRoot < 0 != atRight < 0) {
                    left = right;
                    atLeft = atRight;
                } else {
                    atLeft /= 2;
                }
                right = root;
                atRight = atRoot;
            }
            at(root);
            offer(root);
        }

        /** By the logarithm of the likelihood, for each excess, in units of their mean. */
        private void offer(double root) {
            double logarithm = -StrictMath.log(shape / root) - meanLogarithm - 1;
            if (shape >= -1 && logarithm > highest) {
                highest = logarithm;
                best = new GeneralisedPareto(shape, shape / root * mean);
            }
        }
    }
}
