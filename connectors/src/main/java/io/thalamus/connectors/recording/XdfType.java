/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** What the values of an XDF stream are: numbers or strings. */
enum XdfType {
    INT8("int8", 1),
    INT16("int16", 2),
    INT32("int32", 4),
    INT64("int64", 8),
    FLOAT32("float32", 4),
    DOUBLE64("double64", 8),
    STRING("string", 0);

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

    /** Bytes of a number; 0 of a string, whose length stands before it. */
    int bytes() {
        return bytes;
    }

    /** A channel's number in a sample, rounded to float32. */
    float value(ByteBuffer sample, int channel) {
        int at = channel * bytes;
        return switch (this) {
            case INT8 -> sample.get(at);
            case INT16 -> sample.getShort(at);
            case INT32 -> sample.getInt(at);
            case INT64 -> sample.getLong(at);
            case FLOAT32 -> sample.getFloat(at);
            case DOUBLE64 -> (float) sample.getDouble(at);
            case STRING -> throw new IllegalStateException("a string is no number");
        };
    }
}
