/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How a sample stands in raw bytes, in WAV files and on topics, and what it is as float32: numbers
 * of several bytes have the lowest first. Whole numbers are divided by their full scale, so 1.0
 * would be one step above the loudest sample; those of 32 bit and float64 are rounded to float32.
 */
public enum PcmEncoding {
    /** Unsigned; 128 is zero. */
    U8("8 bit PCM", 1) {
        @Override
        public float at(byte[] bytes, int index) {
            return ((bytes[index] & 0xff) - 128) * 0x1p-7f;
        }
    },
    S16LE("16 bit PCM", 2) {
        @Override
        public float at(byte[] bytes, int index) {
            return (short) SHORT.get(bytes, index) * 0x1p-15f;
        }
    },
    S24LE("24 bit PCM", 3) {
        @Override
        public float at(byte[] bytes, int index) {
            return ((bytes[index] & 0xff) | (short) SHORT.get(bytes, index + 1) << 8) * 0x1p-23f;
        }
    },
    S32LE("32 bit PCM", 4) {
        @Override
        public float at(byte[] bytes, int index) {
            return (int) INT.get(bytes, index) * 0x1p-31f;
        }
    },
    F32LE("32 bit float", 4) {
        @Override
        public float at(byte[] bytes, int index) {
            return Float.intBitsToFloat((int) INT.get(bytes, index));
        }
    },
    F64LE("64 bit float", 8) {
        @Override
        public float at(byte[] bytes, int index) {
            return (float) Double.longBitsToDouble((long) LONG.get(bytes, index));
        }
    },
    /** ITU-T G.711, section 3.1, as 16 bit. */
    ALAW("A-law", 1) {
        @Override
        public float at(byte[] bytes, int index) {
            int code = bytes[index] ^ 0x55;
            int exponent = code >> 4 & 7;
            int step = (code & 15) << 4;
            int size = exponent == 0 ? step + 8 : step + 0x108 << exponent - 1;
            return ((code & 0x80) != 0 ? size : -size) * 0x1p-15f;
        }
    },
    /** ITU-T G.711, section 3.2, as 16 bit. */
    MULAW("mu-law", 1) {
        @Override
        public float at(byte[] bytes, int index) {
            int code = ~bytes[index];
            int size = (((code & 15) << 3) + 0x84 << (code >> 4 & 7)) - 0x84;
            return ((code & 0x80) != 0 ? -size : size) * 0x1p-15f;
        }
    };

    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private final String words;
    private final int bytes;

    PcmEncoding(String words, int bytes) {
        this.words = words;
        this.bytes = bytes;
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    /** In words. */
    public String words() {
        return words;
    }

    /** Bytes of a sample. */
    public int bytes() {
        return bytes;
    }

    /** Whether a sample can be NaN. */
    public boolean isFloat() {
        return this == F32LE || this == F64LE;
    }

    /** The sample whose bytes begin at an index. */
    public abstract float at(byte[] bytes, int index);

    /**
     * The samples of one channel.
     *
     * @param from the index of the first sample's first byte
     * @param stride bytes from a sample to the channel's next
     */
    public final void decode(
            byte[] source, int from, int stride, float[] samples, int first, int count) {
        for (int i = 0; i < count; i++) {
            samples[first + i] = at(source, from + i * stride);
        }
    }
}
