/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Version 1: the flag, the number of splits, each as in version 1 of a split. */
final class UnassignedRecordingsSerializer
        implements SimpleVersionedSerializer<UnassignedRecordings> {

    private static final int CURRENT_VERSION = 1;

    @Override
    public int getVersion() {
        return CURRENT_VERSION;
    }

    @Override
    public byte[] serialize(UnassignedRecordings unassigned) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        out.writeBoolean(unassigned.found());
        out.writeInt(unassigned.splits().size());
        for (RecordingSplit split : unassigned.splits()) {
            RecordingSplitSerializer.write(split, out);
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public UnassignedRecordings deserialize(int version, byte[] bytes) throws IOException {
        if (version != CURRENT_VERSION) {
            throw new IOException("unassigned recordings of unknown version " + version);
        }
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        boolean found = in.readBoolean();
        int size = in.readInt();
        List<RecordingSplit> splits = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            splits.add(RecordingSplitSerializer.read(in));
        }
        return new UnassignedRecordings(found, splits);
    }
}
