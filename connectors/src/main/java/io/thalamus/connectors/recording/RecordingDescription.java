/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.List;

/**
 * What the head of a recording says about it.
 *
 * @param path where it lies
 * @param name what its streams are named after: its file without the extension
 * @param format the kind of file in words, such as {@code WAV, 16 bit PCM}
 * @param bytes its size
 * @param startNanos the time of its start, in nanoseconds since the epoch
 * @param streams the streams that it becomes; none if it holds annotations only
 */
public record RecordingDescription(
        String path,
        String name,
        String format,
        long bytes,
        long startNanos,
        List<StreamDescription> streams) {

    public RecordingDescription {
        streams = List.copyOf(streams);
    }
}
