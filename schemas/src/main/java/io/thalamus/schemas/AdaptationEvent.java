/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

/**
 * Something that happened to what one stream has learned.
 *
 * @param streamId the stream
 * @param timeNanos its event time, in nanoseconds since the epoch
 * @param kind what happened
 * @param level the figure that led to it, in the unit of the guard that acted
 * @param reason the guard or command, in words
 * @param model the bundle that adapts
 */
public record AdaptationEvent(
        String streamId, long timeNanos, Kind kind, double level, String reason, String model)
        implements WireRecord {

    public enum Kind {
        RESET,
        ROLL_BACK,
        FREEZE,
        UNFREEZE,
        DRIFT
    }

    @Override
    public String key() {
        return streamId;
    }

    @Override
    public long eventNanos() {
        return timeNanos;
    }
}
