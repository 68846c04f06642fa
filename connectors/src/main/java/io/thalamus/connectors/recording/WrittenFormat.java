/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.util.Locale;

/** The kinds of recording that can be written. */
public enum WrittenFormat {
    /**
     * Frames and annotations as they are. One file for each recording: what stands before the first
     * slash of its streams' names.
     */
    AVRO(AvroWriter::new) {
        @Override
        String recordingOf(String streamId) {
            int slash = streamId.indexOf('/');
            return slash <= 0 ? streamId : streamId.substring(0, slash);
        }
    },
    /** One file of 32 bit float for each unbroken run of a stream. */
    WAV((target, name) -> new WavWriter(target, name, WavWriter.Encoding.FLOAT_32)),
    /** The same of 16 bit PCM, rounded and clipped. */
    WAV16((target, name) -> new WavWriter(target, name, WavWriter.Encoding.PCM_16)),
    /** The same of 24 bit PCM, rounded and clipped. */
    WAV24((target, name) -> new WavWriter(target, name, WavWriter.Encoding.PCM_24)),
    /** One EDF+ file for each stream, in 65,536 steps between each channel's extremes. */
    EDF((target, name) -> new EdfWriter(target, name, 2)),
    /** One BDF+ file for each stream, in 16,777,216 steps. */
    BDF((target, name) -> new EdfWriter(target, name, 3));

    @FunctionalInterface
    private interface Opening {
        RecordingWriter open(RecordingTarget target, String name) throws IOException;
    }

    private final Opening opening;

    WrittenFormat(Opening opening) {
        this.opening = opening;
    }

    /** The recording whose writer takes a stream. */
    String recordingOf(String streamId) {
        return streamId;
    }

    RecordingWriter writer(RecordingTarget target, String name) throws IOException {
        return opening.open(target, name);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
