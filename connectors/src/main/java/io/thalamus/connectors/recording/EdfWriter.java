/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;

/**
 * Writes one stream and its annotations to EDF+ or BDF+ files: one file, unless the stream takes
 * another shape, or a break is too short to be one of a discontinuous file. What a file gives for
 * its header is known at the end only, so frames and annotations wait in local files until then.
 */
final class EdfWriter implements RecordingWriter {
    private final RecordingTarget target;
    private final String streamId;
    private final int sampleBytes;
    private EdfPart part;

    /**
     * @param sampleBytes 2 for EDF+, 3 for BDF+
     */
    EdfWriter(RecordingTarget target, String streamId, int sampleBytes) {
        this.target = target;
        this.streamId = streamId;
        this.sampleBytes = sampleBytes;
    }

    @Override
    public void write(SignalFrame frame) throws IOException {
        if (part != null && !part.takes(frame)) {
            finish();
        }
        part().write(frame);
    }

    @Override
    public void write(Annotation annotation) throws IOException {
        part().write(annotation);
    }

    private EdfPart part() throws IOException {
        if (part == null) {
            part = new EdfPart(target, streamId, sampleBytes);
        }
        return part;
    }

    @Override
    public void finish() throws IOException {
        if (part != null) {
            part.finish();
            part = null;
        }
    }

    @Override
    public void close() throws IOException {
        if (part != null) {
            part.close();
        }
    }
}
