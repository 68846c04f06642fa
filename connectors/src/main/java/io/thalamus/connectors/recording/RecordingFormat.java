/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.core.fs.Path;

/** A kind of recording: what a file of it holds, and how it is read. */
public interface RecordingFormat extends Serializable {

    /** Whether a file of this name is taken from a folder that holds others too. */
    boolean accepts(String fileName);

    /**
     * Reads only as much of a recording as is needed to say what it holds.
     *
     * @throws io.thalamus.schemas.InvalidInputException if it cannot be used as a recording
     */
    RecordingDescription describe(Path path, String streamId) throws IOException;

    /**
     * Opens a recording.
     *
     * @param position from {@link RecordingReader#position()} of an earlier reader of the same
     *     recording, or empty for its start
     * @throws io.thalamus.schemas.InvalidInputException if it cannot be used as a recording
     */
    RecordingReader open(Path path, String streamId, byte[] position) throws IOException;
}
