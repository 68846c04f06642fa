/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import java.io.Closeable;
import java.io.IOException;

/**
 * Reads one recording from front to back, in memory that does not grow with the file. Its records
 * depend on the recording and the format's options alone.
 */
public interface RecordingReader extends Closeable {

    /** The time of the recording's start, in nanoseconds since the epoch. */
    long startNanos();

    /**
     * The next frame, annotation or refused piece; null at the end. The frames of one stream come
     * in the order of their sample numbers; those of several streams, and annotations, in the order
     * of time as far as the order in the file gives it.
     */
    Received next() throws IOException;

    /**
     * Where {@link #next()} goes on: a reader opened here gives the records that this one has not
     * given yet, without reading the recording up to there again. The bytes are the format's own
     * and begin with its version of them.
     */
    byte[] position();

    /**
     * Goes back to the start, where that costs less than to open the recording again because
     * opening goes over the file.
     *
     * @return whether it did; otherwise nothing has changed
     */
    default boolean rewind() throws IOException {
        return false;
    }
}
