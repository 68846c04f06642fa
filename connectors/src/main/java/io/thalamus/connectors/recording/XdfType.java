/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** What the values of an XDF stream are: numbers, little end first, or strings. */
enum XdfType {
    INT8("int8", 1) {
        @Override
        float value(ByteBuffer sample, int channel) {
            return sample.get(channel);
        }
    },
    INT16("int16", 2) {
        @Override
        float value(ByteBuffer sample, int channel) {
            return sample.getShort(2 * channel);
        }
    },
    INT32("int32", 4) {
        @Override
        float value(ByteBuffer sample, int channel) {
            return sample.getInt(4 * channel);
        }
    },
    INT64("int64", 8) {
        @Override
        float value(ByteBuffer sample, int channel) {
            return sample.getLong(8 * channel);
        }
    },
    FLOAT32("float32", 4) {
        @Override
        float value(ByteBuffer sample, int channel) {
            return sample.getFloat(4 * channel);
        }
    },
    DOUBLE64("double64", 8) {
        @Override
        float value(ByteBuffer sample, int channel) {
            return (float) sample.getDouble(8 * channel);
        }
    },
    STRING("string", 0) {
        @Override
        float value(ByteBuffer sample, int channel) {
            throw new IllegalStateException("a string is no number");
        }
    };

    private final String word;
    private final int bytes;

    XdfType(String word, int bytes) {
        this.word = word;
        this.bytes = bytes;
    }

    /** The type that a header's {@code channel_format} names. */
    static Optional<XdfType> of(String word) {
        return Arrays.stream(values()).filter(type -> type.word.equals(word)).findFirst();
    }

    /** Bytes of a number. */
    int bytes() {
        return bytes;
    }

    /** A channel's number in a sample, rounded to float32. */
    abstract float value(ByteBuffer sample, int channel);
}
