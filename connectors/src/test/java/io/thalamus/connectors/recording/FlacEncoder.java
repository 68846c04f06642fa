/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Writes FLAC files (RFC 9639) in which everything that the format leaves to the encoder is drawn
 * at random: kinds of subframes, predictors, partitions, parameters, wasted bits, how stereo and
 * how the heads are coded. They need not be small.
 */
final class FlacEncoder {
    private static final int ESCAPE_BITS = 5;
    private static final List<Integer> RATES =
            List.of(
                    0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100,
                    48_000, 96_000);
    private static final List<Integer> DEPTHS = List.of(0, 8, 12, -1, 16, 20, 24, 32);
    private static final long[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};

    private final FlacStreamInfo info;
    private final boolean variable;
    private final Random random;

    /**
     * @param variable whether blocks have any length and frames say the number of their first
     *     sample, or all but the last the longest and frames say their own
     */
    FlacEncoder(FlacStreamInfo info, boolean variable, Random random) {
        this.info = info;
        this.variable = variable;
        this.random = random;
    }

    /**
     * A file.
     *
     * @param frames where each frame begins, and where the last one ends
     */
    record Encoded(byte[] bytes, List<Integer> frames) {}

    Encoded file(long[][] samples) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(head());
        List<Integer> frames = new ArrayList<>();
        int length = samples[0].length;
        int to;
        for (int from = 0; from < length; from = to) {
            int size = variable ? 1 + random.nextInt(info.maxBlockSize()) : info.maxBlockSize();
            int first = from;
            to = Math.min(length, from + size);
            int end = to;
            frames.add(file.size());
            file.writeBytes(
                    frame(
                            first,
                            Arrays.stream(samples)
                                    .map(channel -> Arrays.copyOfRange(channel, first, end))
                                    .toArray(long[][]::new)));
        }
        frames.add(file.size());
        return new Encoded(file.toByteArray(), frames);
    }

    /** The marker, the stream info and up to two other metadata blocks. */
    byte[] head() {
        Bits head = new Bits();
        head.bytes(FlacStreamInfo.MARKER.getBytes(StandardCharsets.US_ASCII));
        int others = random.nextInt(3);
        head.put(others == 0 ? 0x80 : 0, 8).put(34, 24);
        head.put(16, 16).put(info.maxBlockSize(), 16).put(0, 48);
        head.put(info.rate(), 20).put(info.channels() - 1, 3).put(info.bits() - 1, 5);
        head.put(info.samples(), 36).bytes(new byte[16]);
        for (int i = 1; i <= others; i++) {
            byte[] content = new byte[random.nextInt(100)];
            random.nextBytes(content);
            head.put(i == others ? 1 : 0, 1).put(1 + random.nextInt(6), 7);
            head.put(content.length, 24).bytes(content);
        }
        return head.take();
    }

    /** A frame of {@code block[channel][i]}, whose first sample has the number {@code first}. */
    byte[] frame(long first, long[][] block) {
        int length = block[0].length;
        int assignment = block.length - 1;
        if (block.length == 2 && random.nextInt(4) > 0) {
            assignment = 8 + random.nextInt(3);
        }
        Bits frame = new Bits();
        header(frame, first, length, assignment);
        long[][] coded = correlate(block, assignment);
        for (int channel = 0; channel < coded.length; channel++) {
            boolean side = assignment == 9 ? channel == 0 : assignment >= 8 && channel == 1;
            subframe(frame, coded[channel], info.bits() + (side ? 1 : 0));
        }
        frame.align();
        frame.put(crc(frame.take(), 16, 0x8005), 16);
        return frame.take();
    }

    /**
     * The first frame, all of whose samples are left over by a predictor of order 0 and coded in
     * the longest way that there is: so many zero bits and a one.
     */
    byte[] unaryFrame(int zeros) {
        int length = info.maxBlockSize();
        Bits frame = new Bits();
        header(frame, 0, length, info.channels() - 1);
        for (int channel = 0; channel < info.channels(); channel++) {
            frame.put(8 << 1, 8).put(0, 10);
            for (int i = 0; i < length; i++) {
                frame.put(0, zeros).put(1, 1);
            }
        }
        frame.align();
        frame.put(crc(frame.take(), 16, 0x8005), 16);
        return frame.take();
    }

    private void header(Bits frame, long first, int length, int assignment) {
        int sizeCode = sizeCode(length);
        int rateCode = rateCode();
        int depthCode = random.nextBoolean() ? Math.max(0, DEPTHS.indexOf(info.bits())) : 0;
        frame.put(0x7ffc, 15).put(variable ? 1 : 0, 1).put(sizeCode, 4).put(rateCode, 4);
        frame.put(assignment, 4).put(depthCode, 3).put(0, 1);
        codedNumber(frame, variable ? first : first / info.maxBlockSize());
        if (sizeCode == 6 || sizeCode == 7) {
            frame.put(length - 1, sizeCode == 6 ? 8 : 16);
        }
        switch (rateCode) {
            case 12 -> frame.put(info.rate() / 1000, 8);
            case 13 -> frame.put(info.rate(), 16);
            case 14 -> frame.put(info.rate() / 10, 16);
            default -> {}
        }
        frame.put(crc(frame.take(), 8, 0x07), 8);
    }

    private int sizeCode(int length) {
        List<Integer> codes = new ArrayList<>(List.of(7));
        if (length <= 256) {
            codes.add(6);
        }
        for (int code = 1; code < 16; code++) {
            int size = code == 1 ? 192 : code < 6 ? 576 << code - 2 : 256 << code - 8;
            if (code != 6 && code != 7 && size == length) {
                codes.add(code);
            }
        }
        return codes.get(random.nextInt(codes.size()));
    }

    private int rateCode() {
        List<Integer> codes = new ArrayList<>(List.of(0));
        codes.add(Math.max(0, RATES.indexOf(info.rate())));
        if (info.rate() % 1000 == 0 && info.rate() / 1000 < 256) {
            codes.add(12);
        }
        if (info.rate() < 65536) {
            codes.add(13);
        }
        if (info.rate() % 10 == 0 && info.rate() / 10 < 65536) {
            codes.add(14);
        }
        return codes.get(random.nextInt(codes.size()));
    }

    private static void codedNumber(Bits frame, long number) {
        if (number < 0x80) {
            frame.put(number, 8);
            return;
        }
        int bytes = 2;
        while (number >>> 5 * bytes + 1 != 0) {
            bytes++;
        }
        frame.put(0xff00 >> bytes & 0xff | number >>> 6 * (bytes - 1), 8);
        for (int i = bytes - 2; i >= 0; i--) {
            frame.put(0x80 | number >>> 6 * i & 0x3f, 8);
        }
    }

    private static long[][] correlate(long[][] block, int assignment) {
        if (assignment < 8) {
            return block;
        }
        long[] left = block[0];
        long[] right = block[1];
        long[] side = IntStream.range(0, left.length).mapToLong(i -> left[i] - right[i]).toArray();
        long[] mid =
                IntStream.range(0, left.length).mapToLong(i -> left[i] + right[i] >> 1).toArray();
        return switch (assignment) {
            case 8 -> new long[][] {left, side};
            case 9 -> new long[][] {side, right};
            default -> new long[][] {mid, side};
        };
    }

    private void subframe(Bits out, long[] values, int depth) {
        long all = 0;
        for (long value : values) {
            all |= value;
        }
        int most = Math.min(depth - 1, Long.numberOfTrailingZeros(all));
        int wasted = random.nextBoolean() ? random.nextInt(most + 1) : 0;
        long[] kept = Arrays.stream(values).map(value -> value >> wasted).toArray();
        int width = depth - wasted;
        // 0 constant, 1 verbatim, 8 to 12 fixed, 32 to 63 linear
        List<Integer> types = new ArrayList<>(List.of(1));
        types.add(8 + random.nextInt(5));
        types.add(8);
        types.add(32 + random.nextInt(32));
        Collections.shuffle(types, random);
        if (Arrays.stream(kept).allMatch(value -> value == kept[0]) && random.nextBoolean()) {
            types.add(0, 0);
        }
        for (int type : types) {
            Bits content = content(type, kept, width);
            if (content != null) {
                out.put(0, 1).put(type, 6).put(wasted > 0 ? 1 : 0, 1);
                if (wasted > 0) {
                    out.put(0, wasted - 1).put(1, 1);
                }
                out.append(content);
                return;
            }
        }
    }

    /** A subframe without its head; null if this type cannot code these values. */
    private Bits content(int type, long[] values, int width) {
        Bits out = new Bits();
        if (type == 0) {
            return out.put(values[0], width);
        }
        int order = type == 1 ? values.length : type < 32 ? type - 8 : type - 31;
        if (order > values.length) {
            return null;
        }
        for (int i = 0; i < order; i++) {
            out.put(values[i], width);
        }
        if (type == 1) {
            return out;
        }
        long[] predictor = FIXED[Math.min(order, 4)];
        int shift = 0;
        if (type >= 32) {
            int precision = 1 + random.nextInt(15);
            shift = random.nextInt(16);
            predictor = random.longs(order, -(1L << precision - 1), 1L << precision - 1).toArray();
            out.put(precision - 1, 4).put(shift, 5);
            for (long coefficient : predictor) {
                out.put(coefficient, precision);
            }
        }
        long[] residual = new long[values.length];
        for (int i = order; i < values.length; i++) {
            long sum = 0;
            for (int j = 0; j < order; j++) {
                sum += predictor[j] * values[i - 1 - j];
            }
            residual[i] = values[i] - (sum >> shift);
            if (Math.abs(residual[i]) >= 1L << 31) {
                return null;
            }
        }
        residual(out, residual, order);
        return out;
    }

    private void residual(Bits out, long[] residual, int order) {
        List<Integer> orders = new ArrayList<>();
        for (int o = 0; o < 16; o++) {
            int size = residual.length >> o;
            if (size << o == residual.length && size >= order) {
                orders.add(o);
            }
        }
        int partitionOrder = orders.get(random.nextInt(orders.size()));
        int size = residual.length >> partitionOrder;
        boolean wide = random.nextBoolean() || smallestParameter(residual, order) > 14;
        int parameterBits = wide ? 5 : 4;
        int escape = (1 << parameterBits) - 1;
        out.put(wide ? 1 : 0, 2).put(partitionOrder, 4);
        for (int from = 0; from < residual.length; from += size) {
            long[] part = Arrays.copyOfRange(residual, from == 0 ? order : from, from + size);
            int smallest = smallestParameter(part, 0);
            int width = escapeWidth(part);
            if (width <= 31 && random.nextInt(4) == 0) {
                out.put(escape, parameterBits).put(width, ESCAPE_BITS);
                for (long value : part) {
                    out.put(value, width);
                }
                continue;
            }
            int parameter = Math.min(escape - 1, smallest + random.nextInt(8));
            out.put(parameter, parameterBits);
            for (long value : part) {
                long folded = value << 1 ^ value >> 63;
                for (long zeros = folded >>> parameter; zeros > 0; zeros--) {
                    out.put(0, 1);
                }
                out.put(1, 1).put(folded, parameter);
            }
        }
    }

    /** With it no quotient exceeds 127. */
    private static int smallestParameter(long[] residual, int from) {
        long largest = 0;
        for (int i = from; i < residual.length; i++) {
            largest = Math.max(largest, residual[i] << 1 ^ residual[i] >> 63);
        }
        return Math.max(0, 64 - Long.numberOfLeadingZeros(largest) - 7);
    }

    private static int escapeWidth(long[] residual) {
        int width = 0;
        for (long value : residual) {
            if (value != 0) {
                width = Math.max(width, 65 - Long.numberOfLeadingZeros(value ^ value >> 63));
            }
        }
        return width;
    }

    /** A checksum bit by bit, from the highest. */
    static int crc(byte[] bytes, int width, int polynomial) {
        int crc = 0;
        for (byte b : bytes) {
            for (int bit = 7; bit >= 0; bit--) {
                int top = (crc >> width - 1 ^ b >> bit) & 1;
                crc = (crc << 1 ^ top * polynomial) & (1 << width) - 1;
            }
        }
        return crc;
    }

    /** Bits, most significant first. */
    private static final class Bits {
        private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
        private int part;
        private int count;

        Bits put(long value, int width) {
            for (int bit = width - 1; bit >= 0; bit--) {
                part = part << 1 | (int) (value >> bit & 1);
                if (++count == 8) {
                    whole.write(part);
                    part = 0;
                    count = 0;
                }
            }
            return this;
        }

        Bits bytes(byte[] bytes) {
            for (byte b : bytes) {
                put(b, 8);
            }
            return this;
        }

        Bits append(Bits other) {
            bytes(other.take());
            return put(other.part, other.count);
        }

        void align() {
            put(0, -count & 7);
        }

        /** The whole bytes so far. */
        byte[] take() {
            return whole.toByteArray();
        }
    }
}
