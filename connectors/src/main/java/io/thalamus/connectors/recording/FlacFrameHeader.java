/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

/**
 * The head of a FLAC frame (RFC 9639, section 9.1).
 *
 * @param bytes its own length
 * @param first the number of the frame's first sample, from 0
 * @param blockSize samples of each channel
 * @param assignment how the channels are coded: below {@link #LEFT_SIDE} each by itself
 */
record FlacFrameHeader(int bytes, long first, int blockSize, int assignment) {
    static final int LEFT_SIDE = 8;
    static final int SIDE_RIGHT = 9;
    static final int MID_SIDE = 10;

    private static final int CODED_NUMBER = 4;
    private static final int[] RATES = {
        0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000
    };
    private static final int[] BITS = {0, 8, 12, -1, 16, 20, 24, 32};

    /** Whether a header may begin with these bytes. */
    static boolean isSync(byte first, byte second) {
        return first == (byte) 0xff && (second & 0xfe) == 0xf8;
    }

    /** Reads and checks the header that begins at {@code from}. */
    static FlacFrameHeader read(byte[] bytes, int from, int limit, FlacStreamInfo info)
            throws FlacFault {
        if (limit - from <= CODED_NUMBER) {
            throw FlacFault.unfinished();
        }
        if (!isSync(bytes[from], bytes[from + 1])) {
            throw FlacFault.of("no frame begins there");
        }
        boolean numbersSamples = (bytes[from + 1] & 1) == 1;
        int sizeCode = bytes[from + 2] >> 4 & 0xf;
        int rateCode = bytes[from + 2] & 0xf;
        int assignment = bytes[from + 3] >> 4 & 0xf;
        int bitsCode = bytes[from + 3] >> 1 & 7;

        int numberBytes = numberBytes(bytes[from + CODED_NUMBER]);
        int sizeBytes = sizeCode == 6 ? 1 : sizeCode == 7 ? 2 : 0;
        int rateBytes = rateCode == 12 ? 1 : rateCode == 13 || rateCode == 14 ? 2 : 0;
        int size = from + CODED_NUMBER + numberBytes;
        int end = size + sizeBytes + rateBytes + 1;
        if (end > limit) {
            throw FlacFault.unfinished();
        }
        if (FlacCrc.crc8(bytes, from, end) != 0) {
            throw FlacFault.of("the checksum of the frame's head does not fit");
        }
        if (numberBytes == 0
                || numberBytes == 7 && !numbersSamples
                || sizeCode == 0
                || rateCode == 15
                || assignment > MID_SIDE
                || BITS[bitsCode] < 0
                || (bytes[from + 3] & 1) != 0) {
            throw FlacFault.of("the frame's head has a reserved value");
        }
        int blockSize =
                sizeBytes > 0
                        ? number(bytes, size, sizeBytes) + 1
                        : sizeCode == 1 ? 192 : sizeCode < 6 ? 144 << sizeCode : 1 << sizeCode;
        int rate = number(bytes, size + sizeBytes, rateBytes);
        rate = rateCode == 12 ? 1000 * rate : rateCode == 14 ? 10 * rate : rate;
        if (rateCode < RATES.length) {
            rate = RATES[rateCode];
        }
        check(
                "samples in a block",
                blockSize,
                info.maxBlockSize(),
                blockSize > info.maxBlockSize());
        check("Hz", rate, info.rate(), rateCode != 0 && rate != info.rate());
        int channels = assignment < LEFT_SIDE ? assignment + 1 : 2;
        check("channels", channels, info.channels(), channels != info.channels());
        check("bits", BITS[bitsCode], info.bits(), bitsCode != 0 && BITS[bitsCode] != info.bits());
        long number = codedNumber(bytes, from + CODED_NUMBER, numberBytes);
        return new FlacFrameHeader(
                end - from,
                numbersSamples ? number : number * info.maxBlockSize(),
                blockSize,
                assignment);
    }

    private static void check(String what, int found, int stated, boolean wrong) throws FlacFault {
        if (wrong) {
            throw FlacFault.of(
                    "the frame has %d %s where the file's head says %d", found, what, stated);
        }
    }

    /** The length of a number that is coded as UTF-8 codes a character; 0 if it is none. */
    private static int numberBytes(byte first) {
        int ones = Integer.numberOfLeadingZeros(~(first << 24));
        return ones == 0 ? 1 : ones == 1 || ones == 8 ? 0 : ones;
    }

    private static long codedNumber(byte[] bytes, int from, int count) throws FlacFault {
        long number = count == 1 ? bytes[from] : bytes[from] & 0x7f >> count;
        for (int i = from + 1; i < from + count; i++) {
            if ((bytes[i] & 0xc0) != 0x80) {
                throw FlacFault.of("the frame's number is not coded as numbers are");
            }
            number = number << 6 | bytes[i] & 0x3f;
        }
        return number;
    }

    private static int number(byte[] bytes, int from, int count) {
        int number = 0;
        for (int i = from; i < from + count; i++) {
            number = number << 8 | bytes[i] & 0xff;
        }
        return number;
    }
}
