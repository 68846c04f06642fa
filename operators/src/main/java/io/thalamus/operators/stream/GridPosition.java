/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.rate.GridState;
import io.thalamus.schemas.SignalFrame;
import java.util.List;

/**
 * How far the grid step is with one stream: its state. Immutable.
 *
 * @param segment the number of the current segment
 * @param channels its channels
 * @param origin the point of the grid, counted from the epoch, that the stream's sequence numbers
 *     count from
 * @param newest the highest sequence number that a reading of the segment had
 * @param flags what is known against the readings since the last point that was given
 * @param grid how far the segment is
 */
public record GridPosition(
        int segment, List<String> channels, long origin, long newest, int flags, GridState grid) {

    /** Whether a reading is earlier than the last one taken by more than a time. */
    boolean isLongBefore(SignalFrame reading, long nanos) {
        // A difference that no long can hold comes out negative.
        long back = grid.lastNanos() - reading.startNanos();
        return reading.startNanos() < grid.lastNanos() && (back < 0 || back > nanos);
    }

    GridPosition after(SignalFrame reading, int knownFlags, GridState state) {
        return new GridPosition(
                segment, channels, origin, Math.max(newest, reading.sequence()), knownFlags, state);
    }
}
