/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

/**
 * A chunk of an XDF file, or bytes that are none.
 *
 * @param offset of its first byte in the file
 * @param tag what it is
 * @param streamId the stream that it is of, if it is of one
 * @param content the offset of its content, after its length, tag and stream
 * @param end the offset after its last byte
 * @param fault why it is no chunk; null if it is one
 */
record XdfChunk(long offset, int tag, long streamId, long content, long end, String fault) {
    static final int FILE_HEADER = 1;
    static final int STREAM_HEADER = 2;
    static final int SAMPLES = 3;
    static final int CLOCK_OFFSET = 4;
    static final int STREAM_FOOTER = 6;

    /** Bytes that are no chunk. */
    static XdfChunk broken(long offset, long end, String fault) {
        return new XdfChunk(offset, 0, 0, offset, end, fault);
    }

    static boolean isOfStream(int tag) {
        return tag == STREAM_HEADER
                || tag == SAMPLES
                || tag == CLOCK_OFFSET
                || tag == STREAM_FOOTER;
    }

    long contentBytes() {
        return end - content;
    }
}
