/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How a sample stands in a WAV file, and what it is as float32. Whole numbers are divided by their
 * full scale, so 1.0 would be one step above the loudest sample; those of 32 bit and float64 are
 * rounded to float32.
 */
enum WavEncoding {
    /** Unsigned; 128 is zero. */
    PCM_8("8 bit PCM", 1) {
        @Override
        float at(byte[] bytes, int index) {
            return ((bytes[index] & 0xff) - 128) * 0x1p-7f;
        }
    },
    PCM_16("16 bit PCM", 2) {
        @Override
        float at(byte[] bytes, int index) {
            return (short) SHORT.get(bytes, index) * 0x1p-15f;
        }
    },
    PCM_24("24 bit PCM", 3) {
        @Override
        float at(byte[] bytes, int index) {
            return ((bytes[index] & 0xff) | (short) SHORT.get(bytes, index + 1) << 8) * 0x1p-23f;
        }
    },
    PCM_32("32 bit PCM", 4) {
        @Override
        float at(byte[] bytes, int index) {
            return (int) INT.get(bytes, index) * 0x1p-31f;
        }
    },
    FLOAT_32("32 bit float", 4) {
        @Override
        float at(byte[] bytes, int index) {
            return Float.intBitsToFloat((int) INT.get(bytes, index));
        }
    },
    FLOAT_64("64 bit float", 8) {
        @Override
        float at(byte[] bytes, int index) {
            return (float) Double.longBitsToDouble((long) LONG.get(bytes, index));
        }
    },
    /** ITU-T G.711, section 3.1, as 16 bit. */
    A_LAW("A-law", 1) {
        @Override
        float at(byte[] bytes, int index) {
            int code = bytes[index] ^ 0x55;
            int exponent = code >> 4 & 7;
            int step = (code & 15) << 4;
            int size = exponent == 0 ? step + 8 : step + 0x108 << exponent - 1;
            return ((code & 0x80) != 0 ? size : -size) * 0x1p-15f;
        }
    },
    /** ITU-T G.711, section 3.2, as 16 bit. */
    MU_LAW("mu-law", 1) {
        @Override
        float at(byte[] bytes, int index) {
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

    WavEncoding(String words, int bytes) {
        this.words = words;
        this.bytes = bytes;
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    String words() {
        return words;
    }

    /** Bytes of a sample. */
    int bytes() {
        return bytes;
    }

    /** Whether a sample can be NaN. */
    boolean isFloat() {
        return this == FLOAT_32 || this == FLOAT_64;
    }

    /** The sample whose bytes begin at an index. */
    abstract float at(byte[] bytes, int index);

    /**
     * The samples of one channel.
     *
     * @param from the index of the first sample's first byte
     * @param stride bytes from a sample to the channel's next
     */
    final void decode(byte[] source, int from, int stride, float[] samples, int first, int count) {
        for (int i = 0; i < count; i++) {
            samples[first + i] = at(source, from + i * stride);
        }
    }
}
