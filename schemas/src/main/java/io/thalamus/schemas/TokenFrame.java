/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.util.Arrays;

/**
 * A stretch of a stream as discrete codes of a vector quantizer.
 *
 * @param streamId the stream
 * @param sequence the index, in the stream, of the first sample that the codes describe
 * @param segment the segment
 * @param startNanos the time of that sample, in nanoseconds since the epoch
 * @param rate codes a second
 * @param codebookSize every code is below it
 * @param codes the codes, in the order of time
 * @param model the bundle that made it
 */
public record TokenFrame(
        String streamId,
        long sequence,
        int segment,
        long startNanos,
        SampleRate rate,
        int codebookSize,
        int[] codes,
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

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenFrame that
                && streamId.equals(that.streamId)
                && sequence == that.sequence
                && segment == that.segment
                && startNanos == that.startNanos
                && rate.equals(that.rate)
                && codebookSize == that.codebookSize
                && Arrays.equals(codes, that.codes)
                && model.equals(that.model);
    }

    @Override
    public int hashCode() {
        return 31 * streamId.hashCode() + Long.hashCode(sequence);
    }
}
