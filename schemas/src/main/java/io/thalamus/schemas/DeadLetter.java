/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.util.Arrays;
import java.util.List;

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
 * @param recordKey the key of a Kafka record; null if it has none
 * @param headers the headers of a Kafka record
 */
public record DeadLetter(
        String origin,
        int partition,
        long position,
        long timeNanos,
        String stage,
        String error,
        String reason,
        byte[] payload,
        byte[] recordKey,
        List<Header> headers)
        implements WireRecord {

    /**
     * A header of a Kafka record.
     *
     * @param value its bytes; may be null
     */
    public record Header(String name, byte[] value) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Header that
                    && name.equals(that.name)
                    && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    public DeadLetter {
        // Null where an earlier version wrote the state that it is restored from.
        headers = headers == null ? List.of() : List.copyOf(headers);
    }

    /** What is no Kafka record has neither key nor headers. */
    public DeadLetter(
            String origin,
            int partition,
            long position,
            long timeNanos,
            String stage,
            String error,
            String reason,
            byte[] payload) {
        this(origin, partition, position, timeNanos, stage, error, reason, payload, null, null);
    }

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
                && Arrays.equals(payload, that.payload)
                && Arrays.equals(recordKey, that.recordKey)
                && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return 31 * origin.hashCode() + Long.hashCode(position);
    }
}
