/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import org.apache.flink.core.fs.Path;

/**
 * A format whose recordings are read several times over.
 *
 * @param format how a recording is read once
 * @param laps how often it is read
 */
record LoopedFormat(RecordingFormat format, long laps) implements RecordingFormat {

    @Override
    public boolean accepts(String fileName) {
        return format.accepts(fileName);
    }

    @Override
    public boolean recognises(byte[] head) {
        return format.recognises(head);
    }

    @Override
    public RecordingDescription describe(Path path, String name) throws IOException {
        return format.describe(path, name);
    }

    @Override
    public RecordingReader open(Path path, String name, byte[] position) throws IOException {
        return new LoopedReader(
                lap -> format.open(path, name, lap),
                laps,
                position.length == 0 ? LapPosition.START : LapPosition.decode(position));
    }
}
