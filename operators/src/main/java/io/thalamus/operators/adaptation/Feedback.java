/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * How a network seems to do, known without labels: what guards watch.
 *
 * @param error at least 0 and comparable over time: the entropy of a classifier's output over the
 *     largest there can be, the error of a forecast over its window's variance
 * @param classes the shares of a classifier's classes; empty for other networks. Not to be modified
 */
public record Feedback(double error, double[] classes) {
    private static final double[] NO_CLASSES = {};

    /** Of a network that is no classifier. */
    public static Feedback of(double error) {
        return new Feedback(error, NO_CLASSES);
    }

    /**
     * Of a classifier.
     *
     * @param logits of all classes, and what lies behind them
     * @param count how many classes there are
     */
    public static Feedback ofClasses(float[] logits, int count) {
        double[] classes = new double[count];
        for (int i = 0; i < count; i++) {
            classes[i] = logits[i];
        }
        double entropy = Softmax.apply(classes, 0, count);
        for (int i = 0; i < count; i++) {
            entropy -= classes[i] * logits[i];
        }
        return new Feedback(overLargest(entropy, count), classes);
    }

    /** Of a classifier that tells the shares of its classes. */
    public static Feedback ofShares(float[] shares) {
        double[] classes = new double[shares.length];
        double entropy = 0;
        for (int i = 0; i < classes.length; i++) {
            classes[i] = shares[i];
            entropy -= classes[i] > 0 ? classes[i] * StrictMath.log(classes[i]) : 0;
        }
        return new Feedback(overLargest(entropy, classes.length), classes);
    }

    /** An entropy over the largest there can be; of one class alone both are 0, and so is this. */
    private static double overLargest(double entropy, int count) {
        return count > 1 ? entropy / StrictMath.log(count) : 0;
    }

    boolean isOfClasses() {
        return classes.length > 0;
    }

    /**
     * The error of an output that is meant to be sure of its class, while all classes together are
     * in use: over many outputs, the largest entropy less what the output tells of the class. Sure
     * of one class for all windows is as wrong as sure of none.
     *
     * @param average the mean of the outputs of the same network so far
     */
    double amidst(double[] average) {
        double common = 0;
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] > 0) {
                common += classes[i] * StrictMath.log(classes.length * average[i]);
            }
        }
        return error + overLargest(common, classes.length);
    }
}
