/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/** Version 1: path, name, length and bytes of the position. */
final class RecordingSplitSerializer implements SimpleVersionedSerializer<RecordingSplit> {

    private static final int CURRENT_VERSION = 1;

    @Override
    public int getVersion() {
        return CURRENT_VERSION;
    }

    @Override
    public byte[] serialize(RecordingSplit split) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(128);
        write(split, out);
        return out.getCopyOfBuffer();
    }

    @Override
    public RecordingSplit deserialize(int version, byte[] bytes) throws IOException {
        if (version != CURRENT_VERSION) {
            throw new IOException("recording split of unknown version " + version);
        }
        return read(new DataInputDeserializer(bytes));
    }

    static void write(RecordingSplit split, DataOutputView out) throws IOException {
        out.writeUTF(split.path());
        out.writeUTF(split.name());
        out.writeInt(split.position().length);
        out.write(split.position());
    }

    static RecordingSplit read(DataInputView in) throws IOException {
        String path = in.readUTF();
        String name = in.readUTF();
        byte[] position = new byte[in.readInt()];
        in.readFully(position);
        return new RecordingSplit(path, name, position);
    }
}
