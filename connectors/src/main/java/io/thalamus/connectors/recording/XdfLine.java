/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.Arrays;

/**
 * The straight line {@code y = value + slope (x - centre)} through points of which some may be far
 * off.
 *
 * @param centre the place that the line is described at
 * @param value the line there
 * @param slope its rise
 */
record XdfLine(double centre, double value, double slope) {
    private static final int MOST_ITERATIONS = 1000;

    /** When the line moves no further at its ends, in the units of y. */
    private static final double STANDSTILL = 1e-12;

    double at(double x) {
        return value + slope * (x - centre);
    }

    /**
     * The line with the least sum of Huber's loss (P. J. Huber, "Robust Estimation of a Location
     * Parameter", 1964): squares of residuals up to {@code threshold}, absolute values beyond. It
     * is found by least squares with weights {@code min(1, threshold / |residual|)}, again and
     * again until it stands still. Through one point, or points at one x, it is level.
     *
     * @param from the first point
     * @param to after the last point; at least {@code from + 1}
     */
    static XdfLine robust(double[] x, double[] y, int from, int to, double threshold) {
        double[] weights = new double[to - from];
        Arrays.fill(weights, 1);
        XdfLine line = weighted(x, y, from, to, weights);
        for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
            for (int i = from; i < to; i++) {
                double residual = Math.abs(y[i] - line.at(x[i]));
                weights[i - from] = residual > threshold ? threshold / residual : 1;
            }
            XdfLine previous = line;
            line = weighted(x, y, from, to, weights);
            if (line.liesBy(previous, x[from]) && line.liesBy(previous, x[to - 1])) {
                break;
            }
        }
        return line;
    }

    private boolean liesBy(XdfLine other, double x) {
        return Math.abs(at(x) - other.at(x)) <= STANDSTILL;
    }

    private static XdfLine weighted(double[] x, double[] y, int from, int to, double[] weights) {
        // Differences from the first point, because offsets between clocks may be large and all but
        // equal.
        double sum = 0;
        double sumX = 0;
        double sumY = 0;
        for (int i = from; i < to; i++) {
            double weight = weights[i - from];
            sum += weight;
            sumX += weight * (x[i] - x[from]);
            sumY += weight * (y[i] - y[from]);
        }
        double centreX = x[from] + sumX / sum;
        double centreY = y[from] + sumY / sum;
        double squares = 0;
        double products = 0;
        for (int i = from; i < to; i++) {
            double weighted = weights[i - from] * (x[i] - centreX);
            squares += weighted * (x[i] - centreX);
            products += weighted * (y[i] - centreY);
        }
        return new XdfLine(centreX, centreY, squares > 0 ? products / squares : 0);
    }
}
