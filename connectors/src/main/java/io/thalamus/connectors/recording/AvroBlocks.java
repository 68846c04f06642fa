/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.util.Arrays;

/**
 * The blocks of an Avro container file. Behind a damaged one, the next begins after the next sync
 * marker.
 */
final class AvroBlocks {
    /**
     * Bytes of a block at most, packed and unpacked: twice the largest frame that a topic takes.
     */
    static final int MOST_BYTES = 32 << 20;

    private static final int STRIDE = 1 << 16;

    private final BinaryFile file;
    private final AvroHeader header;

    AvroBlocks(BinaryFile file, AvroHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * A block.
     *
     * @param offset its first byte in the file
     * @param end the first byte behind its sync marker
     * @param count its records; of a damaged one what it says, or -1 if that cannot be
     * @param bytes them, unpacked; null if it is damaged
     * @param damage what is wrong with it
     */
    record Block(long offset, long end, long count, byte[] bytes, String damage) {}

    /** The block at an offset, which is the end of the one before it; null at the end. */
    Block at(long offset) throws IOException {
        file.in("blocks").seek(offset);
        if (file.remaining() == 0) {
            return null;
        }
        long count = number();
        long size = number();
        String damage;
        if (count < 0 || size < 0 || size > MOST_BYTES) {
            damage = "it begins with no number of records and bytes that can be";
        } else if (size + AvroHeader.SYNC_BYTES > file.remaining()) {
            damage = "the file ends within it";
        } else {
            byte[] packed = new byte[(int) size];
            file.readFully(packed, 0, packed.length);
            byte[] mark = file.bytes(AvroHeader.SYNC_BYTES);
            if (!Arrays.equals(mark, header.sync())) {
                damage = "no sync marker ends it";
            } else {
                long end = file.position();
                try {
                    byte[] bytes = header.packing().unpack(packed, MOST_BYTES);
                    return new Block(offset, end, count, bytes, null);
                } catch (IOException e) {
                    return new Block(
                            offset, end, count, null, "it cannot be unpacked: " + e.getMessage());
                }
            }
        }
        return new Block(offset, behindNextMark(offset), count, null, damage);
    }

    /** A number that cannot be negative; -1 if there is none. */
    private long number() throws IOException {
        long left = Math.min(file.remaining(), (Long.SIZE + 6) / 7);
        long start = file.position();
        for (int i = 1; i <= left; i++) {
            if (file.u8() < 0x80) {
                file.seek(start);
                return Math.max(-1, AvroHeader.varint(file));
            }
        }
        return -1;
    }

    private long behindNextMark(long offset) throws IOException {
        byte[] sync = header.sync();
        byte[] bytes = new byte[STRIDE + sync.length];
        long from = offset;
        while (true) {
            file.seek(from);
            int there = file.read(bytes, 0, bytes.length);
            for (int i = 0; i + sync.length <= there; i++) {
                if (Arrays.equals(bytes, i, i + sync.length, sync, 0, sync.length)) {
                    return from + i + sync.length;
                }
            }
            if (there < bytes.length) {
                return file.length();
            }
            from += STRIDE;
        }
    }
}
