/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads bits from an array, most significant first. The array must go on for {@link #SLACK} bytes
 * behind the limit: reading runs at most so far over it before that is noticed.
 */
final class FlacBits {
    static final int SLACK = 2 * Long.BYTES;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int limit;

    /** The byte that is loaded next. */
    private int next;

    /** Bits that come next, from the top; at least {@link #count} of them, at most 63. */
    private long cache;

    private int count;

    void start(byte[] bytes, int from, int limit) {
        this.bytes = bytes;
        this.limit = limit;
        next = from;
        cache = 0;
        count = 0;
    }

    /** Makes it at least 56 bits. */
    private void refill() throws FlacFault {
        if (next > limit + Long.BYTES) {
            throw FlacFault.unfinished();
        }
        cache |= (long) LONG.get(bytes, next) >>> count;
        next += 63 - count >> 3;
        count |= 56;
    }

    /** An unsigned number of 0 to 32 bits. */
    long unsigned(int bits) throws FlacFault {
        if (count < bits) {
            refill();
        }
        long value = cache >>> 1 >>> 63 - bits;
        cache <<= bits;
        count -= bits;
        return value;
    }

    /** A number of 1 to 33 bits in two's complement. */
    long signed(int bits) throws FlacFault {
        if (count < bits) {
            refill();
        }
        long value = cache >> 64 - bits;
        cache <<= bits;
        count -= bits;
        return value;
    }

    /** The number of zeros before the next one, which is read too. */
    long unary() throws FlacFault {
        long zeros = 0;
        int leading = Long.numberOfLeadingZeros(cache);
        while (leading >= count) {
            zeros += count;
            cache <<= count;
            count = 0;
            refill();
            leading = Long.numberOfLeadingZeros(cache);
        }
        cache <<= leading + 1;
        count -= leading + 1;
        return zeros + leading;
    }

    /** Reads the Rice codes of a partition into {@code [from, to)}. */
    void rice(long[] residual, int from, int to, int parameter) throws FlacFault {
        long all = 0;
        for (int i = from; i < to; i++) {
            if (count < 32) {
                refill();
            }
            int leading = Long.numberOfLeadingZeros(cache);
            long value;
            int length = leading + 1 + parameter;
            if (length <= count) {
                long rest = cache << leading << 1;
                value = (long) leading << parameter | rest >>> 1 >>> 63 - parameter;
                cache = rest << parameter;
                count -= length;
            } else {
                value = unary() << parameter | unsigned(parameter);
            }
            all |= value;
            residual[i] = value >>> 1 ^ -(value & 1);
        }
        if (all >>> 32 != 0) {
            throw FlacFault.of("a residual has more than 32 bits");
        }
    }

    /** The index of the first byte of which no bit was read. */
    int position() {
        return next - (count >> 3);
    }
}
