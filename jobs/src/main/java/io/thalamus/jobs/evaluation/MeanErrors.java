/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

/**
 * How far off values are; NaN of none.
 *
 * @param mse the mean of the squares of the errors
 * @param mae the mean of their magnitudes
 */
public record MeanErrors(double mse, double mae) {

    /** Sums errors one by one. */
    public static final class Sum {
        private long count;
        private double squared;
        private double absolute;

        public void add(double error) {
            count++;
            squared += error * error;
            absolute += Math.abs(error);
        }

        long count() {
            return count;
        }

        public MeanErrors mean() {
            return new MeanErrors(squared / count, absolute / count);
        }
    }
}
