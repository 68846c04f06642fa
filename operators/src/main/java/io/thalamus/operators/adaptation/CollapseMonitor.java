/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Sees a classifier collapse to few classes: the entropy of its average output becomes small. Wrong
 * on a stream that truly holds one class for long.
 *
 * @param rate how fast the average moves, 1/128 for about 128 windows
 * @param least the entropy of the average, over the largest there can be, that is still healthy
 */
public record CollapseMonitor(double rate, double least) implements Serializable {
    /** Sees nothing. */
    public static final CollapseMonitor NONE = new CollapseMonitor(1.0 / 128, 0);

    /** The average before the first window: all classes alike, so that none seems to take all. */
    public double[] start(int classes) {
        double[] average = new double[classes];
        Arrays.fill(average, 1.0 / classes);
        return average;
    }

    /** The average after a window. */
    public double[] after(double[] before, double[] probabilities) {
        double[] average = new double[before.length];
        for (int i = 0; i < average.length; i++) {
            average[i] = before[i] + rate * (probabilities[i] - before[i]);
        }
        return average;
    }

    /** Whether the average says that the classifier has collapsed. */
    public boolean collapsed(double[] average) {
        return entropy(average) < least * StrictMath.log(average.length);
    }

    /** How many classes, all used alike, would have the entropy of the average. */
    public static double perplexity(double[] average) {
        return StrictMath.exp(entropy(average));
    }

    private static double entropy(double[] average) {
        double entropy = 0;
        for (double share : average) {
            entropy -= share > 0 ? share * StrictMath.log(share) : 0;
        }
        return entropy;
    }
}
