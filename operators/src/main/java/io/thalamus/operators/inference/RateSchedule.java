/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.Locale;

/** How the learning rate changes from epoch to epoch. */
public enum RateSchedule {
    /** The first rate in the first two epochs, and from then on half that of the epoch before. */
    HALVING,
    /** The same rate in every epoch. */
    CONSTANT;

    /**
     * The rate of an epoch.
     *
     * @param first that of the first epoch
     * @param epoch counted from 1
     */
    public double rate(double first, int epoch) {
        return this == CONSTANT ? first : first * Math.pow(0.5, Math.max(0, epoch - 2));
    }

    /** The name as users write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
