/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

/** The checksums of a FLAC frame (RFC 9639, sections 9.1.8 and 9.3). */
final class FlacCrc {
    private static final int POLYNOMIAL_8 = 0x07;
    private static final int POLYNOMIAL_16 = 0x8005;
    private static final int SLICES = 8;

    private static final byte[] CRC_8 = new byte[256];

    /** {@code CRC_16[s][b]} is what byte b does to the sum when s more bytes follow it. */
    private static final char[][] CRC_16 = new char[SLICES][256];

    static {
        for (int value = 0; value < 256; value++) {
            int eight = value;
            int sixteen = value << 8;
            for (int bit = 0; bit < 8; bit++) {
                eight = (eight << 1) ^ ((eight & 0x80) == 0 ? 0 : POLYNOMIAL_8);
                sixteen = (sixteen << 1) ^ ((sixteen & 0x8000) == 0 ? 0 : POLYNOMIAL_16);
            }
            CRC_8[value] = (byte) eight;
            CRC_16[0][value] = (char) sixteen;
        }
        for (int slice = 1; slice < SLICES; slice++) {
            for (int value = 0; value < 256; value++) {
                int before = CRC_16[slice - 1][value];
                CRC_16[slice][value] = (char) ((before << 8) ^ CRC_16[0][before >> 8]);
            }
        }
    }

    private FlacCrc() {}

    /** The sum over {@code [from, to)}: zero if its last byte is the sum of those before it. */
    static int crc8(byte[] bytes, int from, int to) {
        int crc = 0;
        for (int i = from; i < to; i++) {
            crc = CRC_8[(crc ^ bytes[i]) & 0xff];
        }
        return crc & 0xff;
    }

    /** The sum over {@code [from, to)}: zero if its last two bytes are the sum of those before. */
    static int crc16(byte[] bytes, int from, int to) {
        int crc = 0;
        int i = from;
        for (; i + SLICES <= to; i += SLICES) {
            crc =
                    CRC_16[7][(bytes[i] ^ crc >> 8) & 0xff]
                            ^ CRC_16[6][(bytes[i + 1] ^ crc) & 0xff]
                            ^ CRC_16[5][bytes[i + 2] & 0xff]
                            ^ CRC_16[4][bytes[i + 3] & 0xff]
                            ^ CRC_16[3][bytes[i + 4] & 0xff]
                            ^ CRC_16[2][bytes[i + 5] & 0xff]
                            ^ CRC_16[1][bytes[i + 6] & 0xff]
                            ^ CRC_16[0][bytes[i + 7] & 0xff];
        }
        for (; i < to; i++) {
            crc = ((crc << 8) ^ CRC_16[0][(crc >> 8 ^ bytes[i]) & 0xff]) & 0xffff;
        }
        return crc;
    }
}
