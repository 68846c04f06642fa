/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.util.Arrays;

/**
 * The frames of a FLAC file, and the bytes between them that are none.
 *
 * <p>Where no sound frame begins, the next one is looked for byte by byte: its head must fit the
 * file's, both its checksums its bytes, and its sample number must not be one that was passed
 * already. The bytes up to there come in pieces of at most {@link #LONGEST_PIECE}. Memory is
 * bounded by a piece and {@link #LONGEST_FRAME}, whatever the file; so is the time that is spent on
 * bytes that only look like frames.
 */
final class FlacFrames {
    static final int LONGEST_PIECE = 1 << 20;

    /** Nearly twice what the longest block of the most channels and bits takes uncompressed. */
    static final int LONGEST_FRAME = 1 << 22;

    private static final int FIRST_CAPACITY = 1 << 18;
    private static final int FIRST_LOOK = 1 << 16;

    /** Bytes that are decoded in vain for a piece before it is refused without a further look. */
    private static final long MOST_IN_VAIN = 1L << 26;

    private final BinaryFile file;
    private final FlacStreamInfo info;
    private final long mostSamples;
    private final FlacDecoder decoder;

    private byte[] buffer = new byte[FIRST_CAPACITY + FlacBits.SLACK];
    private int start;
    private int end;

    /** How many bytes are read before a frame is decoded. */
    private int look = FIRST_LOOK;

    private Mark current;
    private Mark following;
    private int length;
    private String error;
    private String reason;

    /** What may come next in a file. */
    enum Piece {
        /** A frame; its samples are the decoder's. */
        FRAME,
        /** Bytes that are no frame, or the end of the file before its last sample. */
        REFUSED,
        END
    }

    /**
     * Where a piece begins.
     *
     * @param offset of its first byte in the file
     * @param sample the number of the sample that is due, if none is lost
     * @param sound whether a frame should begin there
     */
    record Mark(long offset, long sample, boolean sound) {}

    /**
     * @param from where to begin
     * @param mostSamples a frame that ends after so many samples is refused
     */
    FlacFrames(BinaryFile file, FlacStreamInfo info, Mark from, long mostSamples)
            throws IOException {
        this.file = file;
        this.info = info;
        this.mostSamples = mostSamples;
        this.decoder = new FlacDecoder(info);
        this.following = from;
        file.seek(from.offset());
    }

    /** Goes to the next piece. */
    Piece advance() throws IOException {
        current = following;
        start += length;
        length = 0;
        if (available(1) == 0) {
            boolean told = !current.sound();
            return told || missing() == 0 ? Piece.END : refuse(0, "the file ends early", null);
        }
        if (!current.sound()) {
            return refuseUpToFrame("no frame has begun again since the piece before");
        }
        try {
            length = decode(0);
        } catch (FlacFault e) {
            return refuseUpToFrame(e.getMessage());
        }
        FlacFrameHeader header = decoder.header();
        following = new Mark(current.offset() + length, header.first() + header.blockSize(), true);
        return Piece.FRAME;
    }

    private Piece refuseUpToFrame(String cause) throws IOException {
        long inVain = 0;
        int size = 1;
        for (; size < LONGEST_PIECE && available(size + 1) > size; size++) {
            if (available(size + 2) < size + 2
                    || !FlacFrameHeader.isSync(buffer[start + size], buffer[start + size + 1])
                    || inVain >= MOST_IN_VAIN) {
                continue;
            }
            try {
                decode(size);
                return refuse(size, cause, decoder.header());
            } catch (FlacFault e) {
                inVain += decoder.consumed();
            }
        }
        return refuse(size, cause, null);
    }

    /** Refuses so many bytes, which end at a sound frame if there is a next one. */
    private Piece refuse(int size, String cause, FlacFrameHeader next) throws IOException {
        boolean last = next == null && available(size + 1) == size;
        long lost = 0;
        if (next != null) {
            lost = next.first() - current.sample();
        } else if (last) {
            lost = missing();
        }
        error = last && lost > 0 ? "truncated data" : "damaged data";
        reason = lost == 0 ? cause : cause + "; the next " + lost + " samples are lost";
        length = size;
        following = new Mark(current.offset() + size, current.sample(), next != null);
        return Piece.REFUSED;
    }

    /** Samples that are due before the file may end, as far as its head says. */
    private long missing() {
        return Math.max(0, info.samples() - current.sample());
    }

    /** Decodes the frame that begins so many bytes after the present piece; gives its length. */
    private int decode(int index) throws IOException, FlacFault {
        int wanted = look;
        while (true) {
            boolean last = available(index + wanted) < index + wanted;
            int from = start + index;
            try {
                int length =
                        decoder.decode(buffer, from, Math.min(end, from + LONGEST_FRAME)) - from;
                checkOrder(decoder.header());
                look = wanted;
                return length;
            } catch (FlacFault e) {
                if (!e.isUnfinished() || last) {
                    throw e;
                }
                if (wanted == LONGEST_FRAME) {
                    throw FlacFault.of("the frame is longer than %d bytes", LONGEST_FRAME);
                }
                wanted *= 2;
            }
        }
    }

    private void checkOrder(FlacFrameHeader header) throws FlacFault {
        if (header.first() < current.sample()) {
            throw FlacFault.of(
                    "the frame begins with sample %d, where sample %d has been passed",
                    header.first(), current.sample() - 1);
        }
        if (header.first() > mostSamples - header.blockSize()) {
            throw FlacFault.of(
                    "the frame begins with sample %d, too far from the start", header.first());
        }
    }

    /** Reads until there are so many bytes from the start of the piece on, or the file ends. */
    private int available(int wanted) throws IOException {
        if (end - start < wanted) {
            int capacity = buffer.length - FlacBits.SLACK;
            if (start + wanted > capacity) {
                byte[] other =
                        wanted > capacity / 2 ? new byte[2 * wanted + FlacBits.SLACK] : buffer;
                System.arraycopy(buffer, start, other, 0, end - start);
                buffer = other;
                end -= start;
                start = 0;
                capacity = buffer.length - FlacBits.SLACK;
            }
            end += file.read(buffer, end, capacity - end);
        }
        return Math.min(wanted, end - start);
    }

    /** Where the present piece begins. */
    Mark mark() {
        return current;
    }

    /** Where {@link #advance()} goes. */
    Mark following() {
        return following;
    }

    /** Has the content of the present piece, if it is a frame. */
    FlacDecoder decoder() {
        return decoder;
    }

    /** The kind of fault of the present piece, if it was refused. */
    String error() {
        return error;
    }

    /** What is wrong with the present piece, if it was refused. */
    String reason() {
        return reason;
    }

    /** The bytes of the present piece. */
    byte[] bytes() {
        return Arrays.copyOfRange(buffer, start, start + length);
    }
}
