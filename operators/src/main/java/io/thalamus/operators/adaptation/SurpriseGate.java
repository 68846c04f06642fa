/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.io.Serializable;

/**
 * Opens plasticity when an error is above its own recent level (equation 5.2).
 *
 * @param rate how fast that level moves
 * @param margin added to the deviation, so that a steady error does not open it
 * @param most the widest that it opens
 */
public record SurpriseGate(double rate, double margin, double most) implements Serializable {

    /**
     * The recent level of an error.
     *
     * @param mean NaN before the first value
     * @param variance of it
     */
    public record Level(double mean, double variance) {
        private static final Level UNKNOWN = new Level(Double.NaN, 0);

        public static Level unknown() {
            return UNKNOWN;
        }
    }

    /** How far an error opens the gate, 0 to {@link #most}, given the level before it. */
    public double opening(Level before, double error) {
        if (Double.isNaN(before.mean)) {
            return 0;
        }
        double surprise = (error - before.mean) / (Math.sqrt(before.variance) + margin);
        return Math.max(0, Math.min(most, surprise));
    }

    /** The level after an error. */
    public Level after(Level before, double error) {
        if (Double.isNaN(before.mean)) {
            return new Level(error, 0);
        }
        double distance = error - before.mean;
        return new Level(
                before.mean + rate * distance,
                (1 - rate) * (before.variance + rate * distance * distance));
    }
}
