/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import java.io.Closeable;
import java.io.IOException;

/**
 * Reads one recording from front to back, holding no more than a frame and a read buffer. Its
 * records depend on the recording and the format's options alone.
 */
public interface RecordingReader extends Closeable {

    /** The time of the recording's first sample, in nanoseconds since the epoch. */
    long startNanos();

    /** The next frame or refused piece, in the order of the recording; null at its end. */
    Received next() throws IOException;

    /**
     * Where {@link #next()} goes on: a reader opened here gives the records that this one has not
     * given yet, without reading the recording up to there again. The bytes are the format's own
     * and begin with its version of them.
     */
    byte[] position();
}
