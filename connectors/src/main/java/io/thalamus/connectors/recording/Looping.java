/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;

/**
 * How often a recording is played: each lap begins where the one before it ended, with time and
 * sample numbers going on.
 *
 * @param laps how often it is played in all; {@link Long#MAX_VALUE} is without end
 */
public record Looping(long laps) implements Serializable {

    public static final Looping NONE = new Looping(1);
    public static final Looping ENDLESS = new Looping(Long.MAX_VALUE);

    public Looping {
        if (laps < 1) {
            throw new InvalidInputException(
                    "a recording is played at least once, not " + laps + " times");
        }
    }

    /** {@code true} for without end, {@code false} for once, or how often in all. */
    public static Looping parse(String text) {
        try {
            return switch (text) {
                case "true" -> ENDLESS;
                case "false" -> NONE;
                default -> new Looping(Long.parseLong(text));
            };
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    "loop '"
                            + text
                            + "' is no number: give true for without end, or how often to play",
                    e);
        }
    }

    public boolean isEndless() {
        return laps == ENDLESS.laps;
    }

    /** The format in which recordings are played so often. */
    RecordingFormat of(RecordingFormat format) {
        return equals(NONE) ? format : new LoopedFormat(format, laps);
    }
}
