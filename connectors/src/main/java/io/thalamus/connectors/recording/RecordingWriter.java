/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SignalFrame;
import java.io.Closeable;
import java.io.IOException;

/**
 * Writes what belongs to one recording, in memory that does not grow with it. A file of it appears
 * when it is whole, some of them at {@link #finish()}; what has not appeared by {@link #close()}
 * never does.
 */
interface RecordingWriter extends Closeable {

    /**
     * @throws io.thalamus.schemas.InvalidInputException if the kind of file cannot hold it
     */
    void write(SignalFrame frame) throws IOException;

    /**
     * @throws io.thalamus.schemas.InvalidInputException if the kind of file cannot hold it
     */
    void write(Annotation annotation) throws IOException;

    /** Makes the files appear that are not there yet. */
    void finish() throws IOException;

    /**
     * Whether a frame goes on where another ends: of the same segment and shape, with the next
     * sample number, and at the next sample's time to within half a sample.
     */
    static boolean follows(SignalFrame last, SignalFrame next) {
        return next.isOf(last.segment(), last.rate(), last.channels())
                && next.sequence() == last.nextSequence()
                && Math.abs(next.startNanos() - last.endNanos()) <= last.rate().nanosOf(1) / 2;
    }
}
