/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * Something that happened to what a stream has learned.
 *
 * @param kind what
 * @param reason the guard or command, in words
 * @param value the figure that led to it, in the unit of the guard that acted
 */
public record Incident(Kind kind, String reason, double value) {

    /** Back at the bundle's weights. */
    public static Incident reset(String reason, double value) {
        return new Incident(Kind.RESET, reason, value);
    }

    public enum Kind {
        /** Back at the bundle's weights. */
        RESET,
        /** Back at what was last known to be good. */
        ROLL_BACK,
        /** Nothing more is learned. */
        FREEZE,
        /** Learning goes on. */
        UNFREEZE,
        /** The distance from the bundle's weights has reached a level. */
        DRIFT
    }
}
