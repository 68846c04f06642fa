/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import java.nio.ByteBuffer;

/**
 * How a sample lies in raw bytes, little-endian, and what it is as float32. Whole numbers are
 * divided by their full scale, so that they lie in [-1, 1).
 */
public enum PcmEncoding {
    S16LE(Short.BYTES) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return bytes.getShort(at) * 0x1p-15f;
        }
    },
    S24LE(3) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return ((bytes.get(at) & 0xff) | bytes.getShort(at + 1) << 8) * 0x1p-23f;
        }
    },
    S32LE(Integer.BYTES) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return bytes.getInt(at) * 0x1p-31f;
        }
    },
    F32LE(Float.BYTES) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return bytes.getFloat(at);
        }
    },
    F64LE(Double.BYTES) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return (float) bytes.getDouble(at);
        }
    };

    private final int width;

    PcmEncoding(int width) {
        this.width = width;
    }

    /** Bytes of a sample. */
    int width() {
        return width;
    }

    /** The sample whose bytes begin at an index; the bytes are little-endian. */
    abstract float sample(ByteBuffer bytes, int at);
}
