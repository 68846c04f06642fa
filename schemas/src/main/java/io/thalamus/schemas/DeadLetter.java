/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.util.Arrays;

/**
 * Input that could not be used, kept whole.
 *
 * @param origin the topic or file it came from
 * @param partition the topic's partition; 0 for a file
 * @param position the offset in the partition, or the line or byte in the file
 * @param timeNanos the origin's own time where it has one, otherwise 0; nanoseconds since the epoch
 * @param stage the step of the pipeline that refused it
 * @param error the kind of fault
 * @param reason one sentence: what is wrong
 * @param payload the original bytes
 */
public record DeadLetter(
        String origin,
        int partition,
        long position,
        long timeNanos,
        String stage,
        String error,
        String reason,
        byte[] payload)
        implements WireRecord {

    @Override
    public String key() {
        return origin;
    }

    @Override
    public long eventNanos() {
        return timeNanos;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeadLetter that
                && origin.equals(that.origin)
                && partition == that.partition
                && position == that.position
                && timeNanos == that.timeNanos
                && stage.equals(that.stage)
                && error.equals(that.error)
                && reason.equals(that.reason)
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return 31 * origin.hashCode() + Long.hashCode(position);
    }
}
