/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Two methods on the same streams, stream by stream.
 *
 * @param method the one
 * @param other what it is compared with
 * @param difference the mean over the streams of the one's error less the other's, in points
 * @param standardError of that mean: the deviation of the differences, with Bessel's correction, by
 *     the root of their number; NaN of a single stream
 * @param better streams on which the one's error is lower
 * @param equal streams on which both are the same
 * @param worse streams on which it is higher
 */
public record MethodComparison(
        String method,
        String other,
        double difference,
        double standardError,
        int better,
        int equal,
        int worse) {

    /**
     * Compares errors.
     *
     * @param errors of the one, in percent, stream by stream; at least one
     * @param others of the other, of the same streams
     */
    static MethodComparison of(String method, String other, double[] errors, double[] others) {
        int count = errors.length;
        double sum = 0;
        int better = 0;
        int worse = 0;
        for (int i = 0; i < count; i++) {
            sum += errors[i] - others[i];
            better += errors[i] < others[i] ? 1 : 0;
            worse += errors[i] > others[i] ? 1 : 0;
        }
        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double deviation = errors[i] - others[i] - mean;
            squares += deviation * deviation;
        }
        double standardError = Math.sqrt(squares / (count - 1) / count);
        return new MethodComparison(
                method, other, mean, standardError, better, count - better - worse, worse);
    }

    /** Each method with each of those before it. */
    public static List<MethodComparison> all(List<String> methods, List<double[]> errors) {
        List<MethodComparison> all = new ArrayList<>();
        for (int one = 1; one < methods.size(); one++) {
            for (int other = 0; other < one; other++) {
                all.add(
                        of(
                                methods.get(one),
                                methods.get(other),
                                errors.get(one),
                                errors.get(other)));
            }
        }
        return all;
    }
}
