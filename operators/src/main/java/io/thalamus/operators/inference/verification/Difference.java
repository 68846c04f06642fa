/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.CaseTensor;
import java.util.Arrays;

/**
 * How far a tensor is from its reference. NaN agrees with NaN, and an infinity with the same one;
 * neither agrees with anything else.
 *
 * @param relativeL2 norm of the difference over norm of the reference
 * @param maxAbs largest difference of two values
 * @param relativeMax largest difference over largest value of the reference
 * @param beyondShare largest difference of two values less a share of the reference's; 0 if none is
 *     larger than its share
 * @param zeroReference whether the reference is zero throughout
 */
record Difference(
        double relativeL2,
        double maxAbs,
        double relativeMax,
        double beyondShare,
        boolean zeroReference) {

    /**
     * Compares two tensors.
     *
     * @param share of each value of the reference, for {@link #beyondShare}
     */
    static Difference of(CaseTensor found, CaseTensor reference, double share) {
        double[] values = found.values();
        double[] wanted = reference.values();
        if (!Arrays.equals(found.shape(), reference.shape()) || values.length != wanted.length) {
            double infinity = Double.POSITIVE_INFINITY;
            return new Difference(infinity, infinity, infinity, infinity, false);
        }
        double squares = 0;
        double wantedSquares = 0;
        double largest = 0;
        double wantedLargest = 0;
        double beyond = 0;
        boolean zero = true;
        for (int i = 0; i < wanted.length; i++) {
            // Math.max keeps NaN
            double difference = distance(values[i], wanted[i]);
            squares += difference * difference;
            largest = Math.max(largest, difference);
            beyond = Math.max(beyond, beyond(difference, share * Math.abs(wanted[i])));
            if (Double.isFinite(wanted[i])) {
                wantedSquares += wanted[i] * wanted[i];
                wantedLargest = Math.max(wantedLargest, Math.abs(wanted[i]));
            }
            zero &= wanted[i] == 0;
        }
        return new Difference(
                ratio(Math.sqrt(squares), Math.sqrt(wantedSquares)),
                largest,
                ratio(largest, wantedLargest),
                beyond,
                zero);
    }

    private static double distance(double value, double wanted) {
        boolean same = value == wanted || Double.isNaN(value) && Double.isNaN(wanted);
        return same ? 0 : Math.abs(value - wanted);
    }

    /** Where the reference is infinite or NaN, no share of it is allowed. */
    private static double beyond(double difference, double allowed) {
        return Double.isFinite(allowed) ? difference - allowed : difference;
    }

    private static double ratio(double part, double whole) {
        return part == 0 ? 0 : part / whole;
    }
}
