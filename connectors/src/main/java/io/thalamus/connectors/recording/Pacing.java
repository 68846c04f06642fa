/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;

/**
 * How fast recordings are played. It decides when a record is handed on, never what it holds: event
 * time is the recording's own at every pace.
 *
 * @param speed seconds of a recording in one second; infinity is as fast as possible
 */
public record Pacing(double speed) implements Serializable {

    public static final Pacing MAX = new Pacing(Double.POSITIVE_INFINITY);

    public Pacing {
        if (!(speed > 0)) {
            throw new InvalidInputException(
                    "speed "
                            + speed
                            + " is not above zero: give max, 1 for real time, or a factor");
        }
    }

    /** {@code max}, or a factor such as {@code 1} or {@code 60}. */
    public static Pacing parse(String text) {
        if (text.equals("max")) {
            return MAX;
        }
        try {
            return new Pacing(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    "speed '"
                            + text
                            + "' is no number: give max, 1 for real time, or a factor such as 60",
                    e);
        }
    }

    boolean isMax() {
        return Double.isInfinite(speed);
    }

    /** How long a stretch of a recording takes to play, in nanoseconds. */
    long playNanos(long recordedNanos) {
        return (long) (recordedNanos / speed);
    }
}
