/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.core.fs.Path;

/**
 * A kind of recording: what a file of it holds, and how it is read. A file is one stream, named
 * after the recording, or several, named {@code <recording>/<suffix>}.
 */
public interface RecordingFormat extends Serializable {

    /** Whether a file of this name is taken from a folder that holds others too. */
    boolean accepts(String fileName);

    /**
     * Whether a file that begins with these bytes is certainly of this format, whatever its name.
     *
     * @param head the first {@value DetectedFormat#HEAD} bytes, or all of a shorter file
     */
    default boolean recognises(byte[] head) {
        return false;
    }

    /**
     * Reads only as much of a recording as is needed to say what it holds.
     *
     * @param name the recording's: its file's without the extension
     * @throws io.thalamus.schemas.InvalidInputException if it cannot be used as a recording
     */
    RecordingDescription describe(Path path, String name) throws IOException;

    /**
     * Opens a recording.
     *
     * @param name the recording's: its file's without the extension
     * @param position from {@link RecordingReader#position()} of an earlier reader of the same
     *     recording, or empty for its start
     * @throws io.thalamus.schemas.InvalidInputException if it cannot be used as a recording
     */
    RecordingReader open(Path path, String name, byte[] position) throws IOException;
}
