/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import java.io.Closeable;
import java.io.IOException;

/** Annotations that wait for room in a data record, in their order. */
final class EdfQueue implements Closeable {
    private final RecordingReader annotations;
    private final long startNanos;
    private Annotation next;

    EdfQueue(RecordingReader annotations, long startNanos) throws IOException {
        this.annotations = annotations;
        this.startNanos = startNanos;
        advance();
    }

    private void advance() throws IOException {
        Received received = annotations.next();
        next = received == null ? null : received.annotation();
    }

    boolean isEmpty() {
        return next == null;
    }

    /** Puts those that begin before a time into a data record, as many as have room. */
    void take(byte[] lists, int from, long beforeNanos) throws IOException {
        int at = from;
        while (next != null && next.onsetNanos() < beforeNanos) {
            byte[] list = EdfList.of(next, startNanos);
            if (list.length > lists.length - at) {
                return;
            }
            System.arraycopy(list, 0, lists, at, list.length);
            at += list.length;
            advance();
        }
    }

    @Override
    public void close() throws IOException {
        annotations.close();
    }
}
