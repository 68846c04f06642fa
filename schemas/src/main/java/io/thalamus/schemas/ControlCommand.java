/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

/**
 * An order to a running job; it takes effect at its event time.
 *
 * @param streamId the stream, or {@link #ALL_STREAMS}
 * @param effectiveNanos when it takes effect, in nanoseconds since the epoch
 * @param kind what to do
 * @param argument the bundle's path for {@link Kind#SWAP_BUNDLE}; for {@link Kind#ROLL_BACK} the
 *     time, such as {@code 2026-01-31T12:00:00Z}, that the state to go back to was kept at or
 *     before; otherwise, and for the newest state, empty
 */
public record ControlCommand(String streamId, long effectiveNanos, Kind kind, String argument)
        implements WireRecord {

    public static final String ALL_STREAMS = "*";

    public enum Kind {
        FREEZE,
        UNFREEZE,
        RESET,
        ROLL_BACK,
        SWAP_BUNDLE
    }

    @Override
    public String key() {
        return streamId;
    }

    @Override
    public long eventNanos() {
        return effectiveNanos;
    }
}
