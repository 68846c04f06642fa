/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What stands before the samples of the files that are read here. */
final class FileHeaders {
    private FileHeaders() {}

    /**
     * Of a WAV file.
     *
     * @param tag 1 for PCM, 3 for float
     * @param dataBytes what follows
     */
    static byte[] wav(int tag, int channels, int bits, int rate, int dataBytes) {
        int block = channels * bits / 8;
        return ByteBuffer.allocate(44)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(36 + dataBytes)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) tag)
                .putShort((short) channels)
                .putInt(rate)
                .putInt(rate * block)
                .putShort((short) block)
                .putShort((short) bits)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(dataBytes)
                .array();
    }

    /** Of an EDF file (2 bytes a sample) or a BDF file (3), in data records of a second. */
    static byte[] biosignal(int sampleBytes, int signals, int rate) {
        StringBuilder text = new StringBuilder();
        text.append(sampleBytes == 2 ? "0       " : "\u00ffBIOSEMI");
        text.append(" ".repeat(160)).append("01.01.2400.00.00");
        text.append("%-8d%-44s%-8d%-8d%-4d".formatted(256 * (signals + 1), "", -1, 1, signals));
        String extreme = sampleBytes == 2 ? "32768" : "8388608";
        String[] fields = {"%-16d", "%-80s", "uV      ", "-3000   ", "3000    "};
        for (String field : fields) {
            for (int i = 0; i < signals; i++) {
                text.append(field.formatted(i));
            }
        }
        text.append("%-8s".formatted("-" + extreme).repeat(signals));
        text.append("%-8s".formatted(extreme).repeat(signals)).append(" ".repeat(80 * signals));
        text.append("%-8d".formatted(rate).repeat(signals)).append(" ".repeat(32 * signals));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
