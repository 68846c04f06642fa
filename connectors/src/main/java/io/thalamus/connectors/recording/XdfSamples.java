/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Goes through the samples of one chunk after the other: a number of samples, and of each a time
 * stamp, which may be left out, and a value for each channel. The first sample that cannot be ends
 * its chunk.
 */
final class XdfSamples {
    private static final int STAMP_BYTES = 8;

    private final BinaryFile file;

    private XdfHeader header;
    private XdfStamps stamps;
    private long end;
    private long due;
    private String fault;

    private long offset;
    private double time;
    private ByteBuffer numbers = ByteBuffer.allocate(0);
    private String text;

    XdfSamples(BinaryFile file) {
        this.file = file;
    }

    /** Begins with a chunk, of which the file is at the content. */
    void begin(XdfChunk chunk, XdfHeader newHeader, XdfStamps newStamps) throws IOException {
        header = newHeader;
        stamps = newStamps;
        end = chunk.end();
        fault = null;
        offset = file.in("samples").position();
        due = XdfChunks.length(file, end);
        if (due < 0) {
            fault = "the chunk does not say how many samples it has";
        }
        int bytes = header.channels().size() * header.type().bytes();
        if (numbers.capacity() != bytes) {
            numbers = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Goes to the next sample; false at the end of the chunk, or of what can be read of it. */
    boolean advance() throws IOException {
        if (fault != null) {
            return false;
        }
        offset = file.position();
        if (due == 0) {
            fault = offset < end ? "the chunk goes on behind its last sample" : null;
            return false;
        }
        due--;
        fault = read();
        return fault == null;
    }

    /** Passes over what is left of the chunk. */
    void pass() throws IOException {
        boolean more = true;
        while (more) {
            more = advance();
        }
    }

    /** Reads a sample; what is wrong with it, or null. */
    private String read() throws IOException {
        int stampBytes = file.position() < end ? file.u8() : 0;
        if (stampBytes != 0 && stampBytes != STAMP_BYTES) {
            return "the time stamp of a sample has %d bytes".formatted(stampBytes);
        }
        if (end - file.position() < stampBytes + numbers.capacity()) {
            return "the chunk ends within a sample";
        }
        double stamp = stampBytes == 0 ? 0 : Double.longBitsToDouble(file.i64le());
        if (header.type() == XdfType.STRING) {
            text = strings();
            if (text == null) {
                return "a string of a sample does not fit into the chunk, or has more than %d bytes"
                        .formatted(BinaryFile.MOST_BYTES);
            }
        } else {
            file.readFully(numbers.array(), 0, numbers.capacity());
        }
        time = stampBytes == 0 ? stamps.next() : stamps.next(stamp);
        if (Double.isNaN(time)) {
            return stampBytes == 0
                    ? "the first sample of the stream has no time stamp"
                    : "the time stamp %s s of a sample cannot be".formatted(stamp);
        }
        return null;
    }

    /** A sample of strings, with tabs between the channels; null if it cannot be read. */
    private String strings() throws IOException {
        StringBuilder texts = new StringBuilder();
        long left = BinaryFile.MOST_BYTES;
        for (int channel = 0; channel < header.channels().size(); channel++) {
            long length = XdfChunks.length(file, end);
            left -= length;
            if (length < 0 || left < 0 || length > end - file.position()) {
                return null;
            }
            texts.append(channel == 0 ? "" : "\t")
                    .append(new String(file.bytes(length), StandardCharsets.UTF_8));
        }
        return texts.toString();
    }

    /** The number of the sample in its stream. */
    long number() {
        return stamps.count() - 1;
    }

    /** The time stamp of the sample in seconds by the recorder's clock. */
    double time() {
        return time;
    }

    /** A number of the sample. */
    float value(int channel) {
        return header.type().value(numbers, channel);
    }

    /** The strings of the sample. */
    String text() {
        return text;
    }

    /** What ended the chunk before its end; null if nothing. */
    String fault() {
        return fault;
    }

    /** The offset of the sample, or of what could not be read. */
    long offset() {
        return offset;
    }

    /** The offset after the chunk. */
    long end() {
        return end;
    }
}
