/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.Arrays;

/**
 * Decodes FLAC frames (RFC 9639, section 9): every kind of subframe, predictor and residual coding,
 * 1 to 8 channels of 4 to 32 bits. Sums are taken in 64 bits, which hold every prediction from
 * samples of 33 bits, so there is one way through for all depths.
 *
 * <p>Memory is what the longest block seen so far needs, at most 8 x 65535 samples.
 */
final class FlacDecoder {
    private static final int LONGEST_PREDICTOR = 32;
    private static final int CONSTANT = 0;
    private static final int VERBATIM = 1;
    private static final int FIXED = 8;
    private static final int LINEAR = 32;
    private static final int RESERVED_PRECISION = 16;
    private static final int FOOTER_BYTES = 2;

    /** Polynomials through the samples before, for the oldest of them first. */
    private static final long[][] FIXED_PREDICTORS = {{}, {1}, {-1, 2}, {1, -3, 3}, {-1, 4, -6, 4}};

    private final FlacStreamInfo info;
    private final FlacBits bits = new FlacBits();

    /** The present predictor, for the oldest sample first. */
    private final long[] coefficients = new long[LONGEST_PREDICTOR];

    private final long[][] samples;
    private FlacFrameHeader header;
    private int begin;

    FlacDecoder(FlacStreamInfo info) {
        this.info = info;
        this.samples = new long[info.channels()][0];
    }

    /**
     * Decodes the frame that begins at {@code from}.
     *
     * @param bytes which go on for {@link FlacBits#SLACK} bytes behind the limit
     * @return where the frame ends
     * @throws FlacFault if it is not sound, or goes on behind the limit
     */
    int decode(byte[] bytes, int from, int limit) throws FlacFault {
        begin = from;
        bits.start(bytes, from, limit);
        header = FlacFrameHeader.read(bytes, from, limit, info);
        bits.start(bytes, from + header.bytes(), limit);
        try {
            for (int channel = 0; channel < samples.length; channel++) {
                if (samples[channel].length < header.blockSize()) {
                    samples[channel] = new long[header.blockSize()];
                }
                subframe(samples[channel], info.bits() + (isSide(channel) ? 1 : 0));
            }
        } catch (FlacFault e) {
            throw bits.position() > limit ? FlacFault.unfinished() : e;
        }
        int end = bits.position() + FOOTER_BYTES;
        if (end > limit) {
            throw FlacFault.unfinished();
        }
        if (FlacCrc.crc16(bytes, from, end) != 0) {
            throw FlacFault.of("the frame's checksum does not fit");
        }
        if (samples.length == 2) {
            decorrelate(samples[0], samples[1]);
        }
        for (long[] channel : samples) {
            checkRange(channel);
        }
        return end;
    }

    /** How many bytes were read for the last frame, sound or not. */
    int consumed() {
        return bits.position() - begin;
    }

    /** The head of the frame that was decoded last. */
    FlacFrameHeader header() {
        return header;
    }

    /** The samples of one channel of that frame, as many as its block size. */
    long[] samples(int channel) {
        return samples[channel];
    }

    private boolean isSide(int channel) {
        return switch (header.assignment()) {
            case FlacFrameHeader.LEFT_SIDE, FlacFrameHeader.MID_SIDE -> channel == 1;
            case FlacFrameHeader.SIDE_RIGHT -> channel == 0;
            default -> false;
        };
    }

    private void subframe(long[] out, int depth) throws FlacFault {
        int head = (int) bits.unsigned(8);
        int type = head >> 1 & 0x3f;
        int wasted = (head & 1) == 0 ? 0 : (int) Math.min(bits.unary() + 1, depth);
        int width = depth - wasted;
        if (head >> 7 != 0 || width == 0) {
            throw FlacFault.of("a subframe's head is not sound");
        }
        int length = header.blockSize();
        if (type == CONSTANT) {
            Arrays.fill(out, 0, length, bits.signed(width));
        } else if (type == VERBATIM) {
            verbatim(out, 0, length, width);
        } else if (type >= FIXED && type < FIXED + FIXED_PREDICTORS.length) {
            fixed(out, type - FIXED, width);
        } else if (type >= LINEAR) {
            linear(out, type - LINEAR + 1, width);
        } else {
            throw FlacFault.of("a subframe is of the reserved type %d", type);
        }
        if (wasted > 0) {
            for (int i = 0; i < length; i++) {
                out[i] <<= wasted;
            }
        }
    }

    private void verbatim(long[] out, int from, int to, int width) throws FlacFault {
        for (int i = from; i < to; i++) {
            out[i] = bits.signed(width);
        }
    }

    private void warmUp(long[] out, int order, int width) throws FlacFault {
        if (order > header.blockSize()) {
            throw FlacFault.of(
                    "a predictor of order %d is longer than its block of %d samples",
                    order, header.blockSize());
        }
        verbatim(out, 0, order, width);
    }

    private void fixed(long[] out, int order, int width) throws FlacFault {
        warmUp(out, order, width);
        System.arraycopy(FIXED_PREDICTORS[order], 0, coefficients, 0, order);
        residual(out, order);
        predict(out, order, 0);
    }

    private void linear(long[] out, int order, int width) throws FlacFault {
        warmUp(out, order, width);
        int precision = (int) bits.unsigned(4) + 1;
        int shift = (int) bits.signed(5);
        if (precision == RESERVED_PRECISION || shift < 0) {
            throw FlacFault.of("a predictor's precision or shift has a reserved value");
        }
        for (int i = order - 1; i >= 0; i--) {
            coefficients[i] = bits.signed(precision);
        }
        residual(out, order);
        predict(out, order, shift);
    }

    /** Reads what the predictor left over into the places of the samples behind its warm-up. */
    private void residual(long[] out, int order) throws FlacFault {
        int method = (int) bits.unsigned(2);
        int partitionOrder = (int) bits.unsigned(4);
        int size = header.blockSize() >> partitionOrder;
        if (method > 1) {
            throw FlacFault.of("a residual is coded by the reserved method %d", method);
        }
        if (size << partitionOrder != header.blockSize() || size < order) {
            throw FlacFault.of(
                    "a block of %d samples with a predictor of order %d cannot have %d partitions",
                    header.blockSize(), order, 1 << partitionOrder);
        }
        int parameterBits = 4 + method;
        int escape = (1 << parameterBits) - 1;
        int from = order;
        for (int to = size; to <= header.blockSize(); to += size) {
            int parameter = (int) bits.unsigned(parameterBits);
            if (parameter < escape) {
                bits.rice(out, from, to, parameter);
            } else {
                int width = (int) bits.unsigned(5);
                if (width > 0) {
                    verbatim(out, from, to, width);
                } else {
                    Arrays.fill(out, from, to, 0);
                }
            }
            from = to;
        }
    }

    /** Adds the predictions to what they left over. */
    private void predict(long[] out, int order, int shift) {
        for (int i = order; i < header.blockSize(); i++) {
            long sum = 0;
            for (int j = 0; j < order; j++) {
                sum += coefficients[j] * out[i - order + j];
            }
            out[i] += sum >> shift;
        }
    }

    private void decorrelate(long[] first, long[] second) {
        int length = header.blockSize();
        switch (header.assignment()) {
            case FlacFrameHeader.LEFT_SIDE -> {
                for (int i = 0; i < length; i++) {
                    second[i] = first[i] - second[i];
                }
            }
            case FlacFrameHeader.SIDE_RIGHT -> {
                for (int i = 0; i < length; i++) {
                    first[i] += second[i];
                }
            }
            case FlacFrameHeader.MID_SIDE -> {
                for (int i = 0; i < length; i++) {
                    // The mid channel lacks its lowest bit, which is that of the side channel.
                    long side = second[i];
                    long mid = first[i] << 1 | side & 1;
                    first[i] = mid + side >> 1;
                    second[i] = mid - side >> 1;
                }
            }
            default -> {}
        }
    }

    private void checkRange(long[] channel) throws FlacFault {
        int unused = Long.SIZE - info.bits();
        long outside = 0;
        for (int i = 0; i < header.blockSize(); i++) {
            outside |= channel[i] << unused >> unused ^ channel[i];
        }
        if (outside != 0) {
            throw FlacFault.of("a sample has more than %d bits", info.bits());
        }
    }
}
