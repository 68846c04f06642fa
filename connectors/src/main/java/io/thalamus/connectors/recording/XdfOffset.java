/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;

/**
 * A measurement of how a stream's clock goes beside the recorder's.
 *
 * @param time when, in seconds by the stream's clock
 * @param offset what is to be added to the stream's time to have the recorder's
 */
record XdfOffset(double time, double offset) {
    private static final int BYTES = 16;

    /**
     * Reads the content of a clock offset chunk.
     *
     * @throws InvalidInputException that says what is wrong, as the rest of a sentence
     */
    static XdfOffset read(BinaryFile file, XdfChunk chunk) throws IOException {
        if (chunk.contentBytes() != BYTES) {
            throw new InvalidInputException(
                    "it has %d bytes, where %d have to be".formatted(chunk.contentBytes(), BYTES));
        }
        double time = Double.longBitsToDouble(file.in("clock offset").i64le());
        double offset = Double.longBitsToDouble(file.i64le());
        if (!XdfStamps.isTime(time) || !XdfStamps.isTime(offset)) {
            throw new InvalidInputException(
                    "an offset of %s s at %s s cannot be".formatted(offset, time));
        }
        return new XdfOffset(time, offset);
    }
}
