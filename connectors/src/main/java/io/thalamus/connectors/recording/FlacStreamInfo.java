/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a FLAC file's head says (RFC 9639, sections 6 and 8).
 *
 * @param maxBlockSize samples of each channel in the longest frame; in each frame but the last if
 *     frames are numbered rather than samples
 * @param rate samples of each channel a second
 * @param channels 1 to 8
 * @param bits a sample, 4 to 32
 * @param samples of each channel in the file; 0 if not known
 */
record FlacStreamInfo(int maxBlockSize, int rate, int channels, int bits, long samples) {
    static final String MARKER = "fLaC";

    private static final int BYTES = 34;
    private static final int SHORTEST_BLOCK = 16;
    private static final int FEWEST_BITS = 4;
    private static final int LAST_BLOCK = 0x80;

    /** So that no file keeps a reader busy without samples. */
    private static final int MOST_BLOCKS = 10_000;

    private static final String TAG_MARKER = "ID3";
    private static final int TAG_BYTES = 10;
    private static final int TAG_HAS_FOOTER = 0x10;

    /** The channels' names: a FLAC file has none. */
    List<String> channelNames() {
        return IntStream.rangeClosed(1, channels).mapToObj(number -> "ch" + number).toList();
    }

    /**
     * Reads the head of a file up to its first frame. All but the first of the metadata blocks, and
     * an ID3v2 tag before them, are passed over.
     */
    static FlacStreamInfo read(BinaryFile file) throws IOException {
        file.in("head");
        skipTag(file);
        if (!file.ascii(MARKER.length()).equals(MARKER)) {
            throw file.invalid(
                    "does not begin with '%s' as a FLAC file does: name a FLAC file", MARKER);
        }
        int kind = file.u8();
        int length = length(file);
        if ((kind & ~LAST_BLOCK) != 0 || length != BYTES) {
            throw file.invalid("has no stream info as its first metadata block: encode it again");
        }
        FlacStreamInfo info = content(file);
        file.in("metadata");
        for (int block = 1; (kind & LAST_BLOCK) == 0; block++) {
            if (block == MOST_BLOCKS) {
                throw file.invalid("has more than %d metadata blocks: encode it again", block);
            }
            kind = file.u8();
            file.skip(length(file));
        }
        return info;
    }

    private static void skipTag(BinaryFile file) throws IOException {
        long begin = file.position();
        if (file.remaining() < TAG_BYTES || !file.ascii(TAG_MARKER.length()).equals(TAG_MARKER)) {
            file.seek(begin);
            return;
        }
        file.skip(2); // its version
        int footer = (file.u8() & TAG_HAS_FOOTER) == 0 ? 0 : TAG_BYTES;
        int size = 0;
        for (int i = 0; i < 4; i++) {
            size = size << 7 | file.u8() & 0x7f;
        }
        file.skip(size + footer);
    }

    private static int length(BinaryFile file) throws IOException {
        return file.u8() << 16 | file.u16be();
    }

    private static FlacStreamInfo content(BinaryFile file) throws IOException {
        int minBlockSize = file.u16be();
        int maxBlockSize = file.u16be();
        file.skip(6); // sizes of frames in bytes, which may be unknown
        long fields = file.i64be();
        file.skip(16); // the MD5 sum of the samples
        FlacStreamInfo info =
                new FlacStreamInfo(
                        maxBlockSize,
                        (int) (fields >>> 44),
                        (int) (fields >>> 41 & 7) + 1,
                        (int) (fields >>> 36 & 31) + 1,
                        fields & 0xfffffffffL);
        if (maxBlockSize < SHORTEST_BLOCK || minBlockSize > maxBlockSize) {
            throw file.invalid(
                    "states blocks of %d to %d samples, which FLAC does not have: encode it again",
                    minBlockSize, maxBlockSize);
        }
        if (info.rate == 0) {
            throw file.invalid("states a sample rate of 0 Hz: encode it with its true rate");
        }
        if (info.bits < FEWEST_BITS) {
            throw file.invalid(
                    "states samples of %d bits, where FLAC has %d to 32: encode it again",
                    info.bits, FEWEST_BITS);
        }
        return info;
    }
}
