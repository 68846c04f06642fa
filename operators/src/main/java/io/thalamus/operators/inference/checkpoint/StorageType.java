/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import java.nio.ByteBuffer;
import java.util.Optional;

/** How values lie in a storage, by the name that PyTorch gives its class. */
enum StorageType {
    FLOAT("FloatStorage", 4),
    DOUBLE("DoubleStorage", 8),
    HALF("HalfStorage", 2),
    BFLOAT16("BFloat16Storage", 2),
    LONG("LongStorage", 8),
    INT("IntStorage", 4),
    SHORT("ShortStorage", 2),
    CHAR("CharStorage", 1),
    BYTE("ByteStorage", 1),
    BOOL("BoolStorage", 1);

    private static final String MODULE = "torch ";
    private static final int HALF_EXPONENT = 0x1f;

    private final String className;
    private final int bytes;

    StorageType(String className, int bytes) {
        this.className = className;
        this.bytes = bytes;
    }

    /** By the global that a pickle names: module, blank, class. */
    static Optional<StorageType> of(String global) {
        for (StorageType type : values()) {
            if (global.equals(MODULE + type.className)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    int bytes() {
        return bytes;
    }

    boolean isFloat() {
        return ordinal() <= BFLOAT16.ordinal();
    }

    /**
     * A value of a floating-point storage as float32: float64 is rounded, the others are exact.
     *
     * @param values little-endian
     * @param index of the value
     */
    float value(ByteBuffer values, int index) {
        return switch (this) {
            case FLOAT -> values.getFloat(index * bytes);
            case DOUBLE -> (float) values.getDouble(index * bytes);
            case HALF -> half(values.getShort(index * bytes));
            case BFLOAT16 -> Float.intBitsToFloat(values.getShort(index * bytes) << Short.SIZE);
            default -> throw new IllegalStateException(this + " holds whole numbers");
        };
    }

    /** IEEE 754 binary16. */
    private static float half(short bits) {
        int exponent = bits >> 10 & HALF_EXPONENT;
        int fraction = bits & 0x3ff;
        float size;
        if (exponent == 0) {
            size = fraction * 0x1p-24f;
        } else if (exponent == HALF_EXPONENT) {
            size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            size = Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
        }
        return bits < 0 ? -size : size;
    }
}
