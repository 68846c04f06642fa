/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.Arrays;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * One recording and how far it has been read.
 *
 * @param path the file
 * @param name the recording's, which its streams are named after
 * @param position where reading goes on, in the format's own bytes; empty is the start
 */
public record RecordingSplit(String path, String name, byte[] position) implements SourceSplit {

    static RecordingSplit whole(String path, String name) {
        return new RecordingSplit(path, name, new byte[0]);
    }

    RecordingSplit at(byte[] other) {
        return new RecordingSplit(path, name, other);
    }

    @Override
    public String splitId() {
        return path;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordingSplit that
                && path.equals(that.path)
                && name.equals(that.name)
                && Arrays.equals(position, that.position);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }
}
