/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.util.List;

/**
 * A stretch of a stream from a score above the threshold to the last before scores are quiet again;
 * between the two, a few may be below.
 *
 * @param streamId the stream
 * @param segment the segment
 * @param startNanos the time of the first sample above, in nanoseconds since the epoch
 * @param endNanos the time of the sample behind the last one above; 0 while the event lasts
 * @param peak the largest score so far
 * @param threshold what the first sample's score exceeded
 * @param channels the channels that contributed most, in falling order
 * @param model the bundle that made it
 */
public record AnomalyEvent(
        String streamId,
        int segment,
        long startNanos,
        long endNanos,
        float peak,
        float threshold,
        List<String> channels,
        String model)
        implements WireRecord {

    @Override
    public String key() {
        return streamId;
    }

    @Override
    public long eventNanos() {
        return startNanos;
    }
}
