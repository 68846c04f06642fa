/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** The headers of an XDF file and its streams. */
final class XdfHeaders {
    static final int MOST_STREAMS = 256;

    /** Channels of all streams together. */
    static final int MOST_CHANNELS = 1 << 16;

    /** As recorders write it: local time with the offset from UTC, with or without a colon. */
    private static final DateTimeFormatter DATETIME =
            DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss[.SSSSSSSSS][.SSSSSS][.SSS][XXX][XX]");

    private final BinaryFile file;
    private final RecordingOptions options;
    private final Map<Long, XdfHeader> streams = new LinkedHashMap<>();
    private int channels;
    private long startNanos;

    XdfHeaders(BinaryFile file, RecordingOptions options) {
        this.file = file;
        this.options = options;
        this.startNanos = options.startNanos();
    }

    /** The streams by their numbers, in the order of their headers. */
    Map<Long, XdfHeader> streams() {
        return streams;
    }

    /** When the recording was begun by the header of the file, or else by the options. */
    long startNanos() {
        return startNanos;
    }

    /**
     * Reads the header of the file or of a stream. Read again, it says the same.
     *
     * @throws InvalidInputException that says why the header is not used, as the rest of a sentence
     */
    void take(XdfChunk chunk) throws IOException {
        if (chunk.contentBytes() > BinaryFile.MOST_BYTES) {
            throw new InvalidInputException(
                    "it has %d bytes, where %d can be"
                            .formatted(chunk.contentBytes(), BinaryFile.MOST_BYTES));
        }
        byte[] xml = file.in("header").bytes(chunk.contentBytes());
        if (chunk.tag() == XdfChunk.FILE_HEADER) {
            XdfXml.read(xml, this::takeOfFile);
        } else {
            takeOfStream(chunk, xml);
        }
    }

    private void takeOfFile(String path, String text) {
        if (!path.equals("/info/datetime")) {
            return;
        }
        try {
            startNanos =
                    options.withStart(OffsetDateTime.parse(text, DATETIME).toInstant())
                            .startNanos();
        } catch (DateTimeException e) {
            throw new InvalidInputException(
                    "its datetime is '"
                            + text
                            + "', where a time such as 2026-05-31T14:15:16+0200 has to be",
                    e);
        }
    }

    private void takeOfStream(XdfChunk chunk, byte[] xml) {
        XdfHeader known = streams.get(chunk.streamId());
        if (known == null) {
            XdfHeader header = XdfHeader.parse(chunk.offset(), chunk.streamId(), xml);
            int all = channels + header.channels().size();
            if (streams.size() == MOST_STREAMS || all > MOST_CHANNELS) {
                throw new InvalidInputException(
                        "the file has more than %d streams or %d channels"
                                .formatted(MOST_STREAMS, MOST_CHANNELS));
            }
            streams.put(header.id(), header);
            channels = all;
        } else if (known.chunk() != chunk.offset()) {
            throw new InvalidInputException(
                    "stream %d has had a header before".formatted(chunk.streamId()));
        }
    }
}
