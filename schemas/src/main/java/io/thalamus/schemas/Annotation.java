/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

/**
 * A remark on a stretch of a stream, as recordings carry them.
 *
 * @param streamId the stream
 * @param onsetNanos its start, in nanoseconds since the epoch
 * @param durationNanos its length; 0 is a moment
 * @param text what it says
 */
public record Annotation(String streamId, long onsetNanos, long durationNanos, String text)
        implements WireRecord {

    @Override
    public String key() {
        return streamId;
    }

    @Override
    public long eventNanos() {
        return onsetNanos;
    }
}
