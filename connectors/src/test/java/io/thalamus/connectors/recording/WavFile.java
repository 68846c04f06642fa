/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.PcmEncoding;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A WAV file that a test writes, chunk by chunk. */
public final class WavFile {
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    private String riff = "RIFF";
    private long riffSize = -1;

    public static WavFile of(PcmEncoding encoding, int channels, int rate, byte[] data) {
        return new WavFile().fmt(tag(encoding), channels, rate, encoding.bytes() * 8).data(data);
    }

    static int tag(PcmEncoding encoding) {
        return switch (encoding) {
            case ALAW -> 6;
            case MULAW -> 7;
            case F32LE, F64LE -> 3;
            default -> 1;
        };
    }

    public WavFile riff(String other, long size) {
        riff = other;
        riffSize = size;
        return this;
    }

    public WavFile fmt(int tag, int channels, int rate, int bits) {
        return chunk("fmt ", fmtBytes(16, tag, channels, rate, bits).array());
    }

    public WavFile extensible(int tag, int channels, int rate, int bits) {
        ByteBuffer bytes = fmtBytes(40, 0xfffe, channels, rate, bits);
        bytes.putShort((short) 22).putShort((short) bits).putInt(0).putShort((short) tag);
        bytes.put(new byte[] {0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xaa, 0, 0x38});
        return chunk("fmt ", bytes.put((byte) 0x9b).put((byte) 0x71).array());
    }

    private static ByteBuffer fmtBytes(int size, int tag, int channels, int rate, int bits) {
        int block = channels * ((bits + 7) / 8);
        return little(size)
                .putShort((short) tag)
                .putShort((short) channels)
                .putInt(rate)
                .putInt(rate * block)
                .putShort((short) block)
                .putShort((short) bits);
    }

    public WavFile bext(String dateAndTime, long reference) {
        ByteBuffer bytes = little(602);
        bytes.position(320);
        bytes.put(dateAndTime.getBytes(StandardCharsets.US_ASCII)).putLong(reference);
        return chunk("bext", bytes.array());
    }

    public WavFile ds64(long dataSize) {
        return chunk("ds64", little(28).putLong(0).putLong(dataSize).array());
    }

    public WavFile data(byte[] data) {
        return chunk("data", data);
    }

    public WavFile chunk(String id, byte[] content) {
        return chunk(id, content.length, content);
    }

    /** A chunk that claims a size of its own. */
    public WavFile chunk(String id, long size, byte[] content) {
        chunks.writeBytes(id.getBytes(StandardCharsets.US_ASCII));
        chunks.writeBytes(little(4).putInt((int) size).array());
        chunks.writeBytes(content);
        if (size == content.length && size % 2 == 1) {
            chunks.write(0);
        }
        return this;
    }

    public byte[] bytes() {
        int size = chunks.size();
        return little(12 + size)
                .put(riff.getBytes(StandardCharsets.US_ASCII))
                .putInt((int) (riffSize < 0 ? size + 4 : riffSize))
                .put("WAVE".getBytes(StandardCharsets.US_ASCII))
                .put(chunks.toByteArray())
                .array();
    }

    static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
