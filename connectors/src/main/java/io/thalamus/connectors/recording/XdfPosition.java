/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where reading an XDF file goes on.
 *
 * @param chunk the offset of a chunk
 * @param given records of it that were given already
 */
record XdfPosition(long chunk, long given) {

    /** Before the first chunk. */
    static final XdfPosition START = new XdfPosition(XdfChunks.MAGIC.length(), 0);

    private static final byte VERSION = 1;
    private static final int BYTES = 1 + 8 + 8;

    byte[] encode() {
        return BinaryPosition.write(VERSION, BYTES).putLong(chunk).putLong(given).array();
    }

    static XdfPosition decode(byte[] bytes) throws IOException {
        ByteBuffer in = BinaryPosition.read("an XDF file", VERSION, BYTES, bytes);
        return new XdfPosition(in.getLong(), in.getLong());
    }
}
