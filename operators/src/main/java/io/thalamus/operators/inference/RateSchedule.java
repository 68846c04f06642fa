/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.Locale;

/** How the learning rate changes from epoch to epoch. */
public enum RateSchedule {
    /** The first rate in the first two epochs, and from then on half that of the epoch before. */
    HALVING,
    /** The same rate in every epoch. */
    CONSTANT,
    /**
     * Rises evenly to the first rate over the first tenth of the epochs, and falls from there to a
     * tenth of it along half a cosine.
     */
    COSINE;

    private static final double LEAST = 0.1;

    /**
     * The rate of an epoch.
     *
     * @param first that of the first epoch, or the largest
     * @param epoch counted from 1
     * @param epochs at most
     */
    public double rate(double first, int epoch, int epochs) {
        return switch (this) {
            case CONSTANT -> first;
            case HALVING -> first * Math.pow(0.5, Math.max(0, epoch - 2));
            case COSINE -> first * cosine(epoch, epochs);
        };
    }

    private static double cosine(int epoch, int epochs) {
        int warm = epochs / 10;
        if (epoch <= warm) {
            return (double) epoch / warm;
        }
        double angle = StrictMath.PI * (epoch - 1 - warm) / (epochs - warm);
        return LEAST + (1 - LEAST) / 2 * (1 + StrictMath.cos(angle));
    }

    /** The name as users write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
