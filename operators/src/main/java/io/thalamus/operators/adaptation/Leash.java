/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;

/**
 * Keeps what a stream has learned near the weights of the bundle: it is drawn back after each step,
 * and cut to a share of their norm.
 *
 * @param pull the share of the difference that a step takes back, 0 for none
 * @param cap the most that the norm of the difference may be of the norm of the source
 */
public record Leash(double pull, double cap) implements Serializable {
    /** Lets go as far as it likes. */
    public static final Leash NONE = new Leash(0, Double.POSITIVE_INFINITY);

    public Leash {
        if (!(pull >= 0 && pull <= 1) || !(cap >= 0)) {
            throw new InvalidInputException(
                    "a pull of %s and a cap of %s; give a pull of 0 to 1 and a cap of at least 0"
                            .formatted(pull, cap));
        }
    }

    /** Draws a difference to the source back, in place. */
    public void pull(float[] delta) {
        for (int i = 0; i < delta.length; i++) {
            delta[i] = (float) ((1 - pull) * delta[i]);
        }
    }

    /** Scales a difference to the source down to the cap, in place. */
    public void cap(float[] delta, float[] source) {
        double norm = norm(delta);
        double most = cap * norm(source);
        if (norm > most) {
            double factor = most / norm;
            for (int i = 0; i < delta.length; i++) {
                delta[i] = (float) (factor * delta[i]);
            }
        }
    }

    /** The Euclidean norm of all values. */
    public static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
