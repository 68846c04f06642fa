/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The chunks of an XDF file in their order. Each is its length, which is a number of bytes and a
 * number of so many bytes, a tag, and the content. What cannot be a chunk reaches to the end of the
 * next boundary chunk's mark, where reading can start again, or to the end of the file.
 */
final class XdfChunks {
    static final String MAGIC = "XDF:";

    /** What a boundary chunk holds, so that it can be found in a damaged file. */
    private static final byte[] BOUNDARY =
            HexFormat.of().parseHex("43a546dccbf5410fb30ed5467383cbe4");

    private static final int BLOCK = 1 << 16;
    private static final int TAG_BYTES = 2;
    private static final int STREAM_BYTES = 4;

    private final BinaryFile file;
    private long next;

    /** The chunks of a file from its first one on. */
    XdfChunks(BinaryFile file) throws IOException {
        this.file = file;
        file.seek(0);
        if (!file.in("first four bytes").ascii(MAGIC.length()).equals(MAGIC)) {
            throw file.invalid(
                    "is no XDF file: it does not begin with %s; name one, decompressed if it was"
                            + " compressed",
                    MAGIC);
        }
        this.next = file.position();
    }

    /** Goes to a chunk by its offset. */
    void seek(long offset) {
        next = offset;
    }

    /** The next chunk, with the file at its content; null at the end of the file. */
    XdfChunk next() throws IOException {
        long offset = next;
        if (offset >= file.length()) {
            return null;
        }
        file.seek(offset);
        long length = length(file, file.length());
        XdfChunk chunk;
        if (length < TAG_BYTES) {
            chunk = broken(offset, "no chunk begins here");
        } else if (length > file.remaining()) {
            chunk = cutOff(offset, length);
        } else {
            chunk = read(offset, length);
        }
        next = chunk.end();
        return chunk;
    }

    private XdfChunk read(long offset, long length) throws IOException {
        long end = file.position() + length;
        int tag = file.u16le();
        if (!XdfChunk.isOfStream(tag)) {
            return new XdfChunk(offset, tag, 0, file.position(), end, null);
        }
        if (length < TAG_BYTES + STREAM_BYTES) {
            return broken(offset, "the chunk is too short to name its stream");
        }
        long stream = file.u32le();
        return new XdfChunk(offset, tag, stream, file.position(), end, null);
    }

    /**
     * A chunk that is longer than the file: if it holds samples, and nothing tells that its length
     * is wrong, those that are there can be read.
     */
    private XdfChunk cutOff(long offset, long length) throws IOException {
        long start = file.position();
        XdfChunk broken =
                broken(
                        offset,
                        "a chunk of %d bytes begins here, of which the file has %d"
                                .formatted(length, file.length() - start));
        file.seek(start);
        if (broken.end() < file.length() || file.remaining() < TAG_BYTES + STREAM_BYTES) {
            return broken;
        }
        XdfChunk cut = read(offset, file.remaining());
        return cut.tag() == XdfChunk.SAMPLES ? cut : broken;
    }

    private XdfChunk broken(long offset, String fault) throws IOException {
        byte[] block = new byte[BLOCK];
        int kept = 0;
        file.seek(offset);
        while (true) {
            int read = file.read(block, kept, BLOCK - kept);
            int filled = kept + read;
            for (int i = 0; i + BOUNDARY.length <= filled; i++) {
                if (block[i] == BOUNDARY[0]
                        && Arrays.equals(
                                block, i, i + BOUNDARY.length, BOUNDARY, 0, BOUNDARY.length)) {
                    long end = file.position() - filled + i + BOUNDARY.length;
                    return XdfChunk.broken(offset, end, fault);
                }
            }
            if (read == 0) {
                return XdfChunk.broken(offset, file.length(), fault);
            }
            kept = Math.min(filled, BOUNDARY.length - 1);
            System.arraycopy(block, filled - kept, block, 0, kept);
        }
    }

    /**
     * Reads a length: a number of bytes, 1, 4 or 8, and a number of so many bytes.
     *
     * @param end the offset that may not be read beyond
     * @return the length; -1 if there is none before {@code end}
     */
    static long length(BinaryFile file, long end) throws IOException {
        long left = end - file.position();
        if (left < 1) {
            return -1;
        }
        int bytes = file.u8();
        if (bytes >= left) {
            return -1;
        }
        return switch (bytes) {
            case 1 -> file.u8();
            case 4 -> file.u32le();
            case 8 -> Math.max(-1, file.i64le());
            default -> -1;
        };
    }
}
