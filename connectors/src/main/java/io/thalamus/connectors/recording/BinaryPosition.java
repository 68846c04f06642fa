/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A reader's position as bytes: a version, and what the format puts behind it. */
final class BinaryPosition {
    private BinaryPosition() {}

    /** A position of so many bytes, to be filled from behind its version. */
    static ByteBuffer write(byte version, int length) {
        return ByteBuffer.allocate(length).put(version);
    }

    /**
     * The bytes behind the version.
     *
     * @param place what the position is in, in words
     * @throws IOException if the version or the length is another
     */
    static ByteBuffer read(String place, byte version, int length, byte[] position)
            throws IOException {
        if (position.length != length || position[0] != version) {
            throw new IOException(
                    "position in "
                            + place
                            + " of unknown version "
                            + (position.length == 0 ? 0 : position[0])
                            + " with "
                            + position.length
                            + " bytes");
        }
        return ByteBuffer.wrap(position, 1, length - 1);
    }
}
