/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where reading a CSV file goes on.
 *
 * @param mark the line
 * @param given dead letters from there on that were given already: those between the rows of a
 *     frame that is not full yet
 * @param lastIndex the sample number of the last row before the line; -1 if there is none
 * @param head the sample grid, so that the head of the file is not read again
 */
record CsvPosition(CsvLines.Mark mark, int given, long lastIndex, CsvHead head) {
    private static final byte VERSION = 1;
    private static final int BYTES = 1 + 8 + 8 + 1 + 4 + 8 + 8 + 8 + 8;

    static CsvPosition start(CsvLines.Mark firstRow, CsvHead head) {
        return new CsvPosition(firstRow, 0, -1, head);
    }

    byte[] encode() {
        return BinaryPosition.write(VERSION, BYTES)
                .putLong(mark.offset())
                .putLong(mark.number())
                .put((byte) (mark.continued() ? 1 : 0))
                .putInt(given)
                .putLong(lastIndex)
                .putLong(head.startNanos())
                .putLong(head.rate().numerator())
                .putLong(head.rate().denominator())
                .array();
    }

    static CsvPosition decode(byte[] bytes) throws IOException {
        ByteBuffer in = BinaryPosition.read("a CSV file", VERSION, BYTES, bytes);
        CsvLines.Mark mark = new CsvLines.Mark(in.getLong(), in.getLong(), in.get() == 1);
        return new CsvPosition(
                mark,
                in.getInt(),
                in.getLong(),
                new CsvHead(in.getLong(), new SampleRate(in.getLong(), in.getLong())));
    }
}
