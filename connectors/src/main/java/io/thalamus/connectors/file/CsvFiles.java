/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.file;

import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.streaming.api.functions.sink.filesystem.PartFileInfo;
import org.apache.flink.streaming.api.functions.sink.filesystem.RollingPolicy;

/**
 * Writes the rows of records under a header that fits them. One object decides both when a file
 * ends and what is written to it, because a file ends where the next record has other channels.
 */
final class CsvFiles<T extends WireRecord> implements Encoder<T>, RollingPolicy<T, String> {
    private static final long serialVersionUID = 1L;

    private final CsvTable table;
    private final RollingPolicy<T, String> rolling;

    /** The channels of the open file; null after a restart, when an older file may be open. */
    private transient List<String> channels;

    CsvFiles(CsvTable table, RollingPolicy<T, String> rolling) {
        this.table = table;
        this.rolling = rolling;
    }

    @Override
    public void encode(T record, OutputStream stream) throws IOException {
        String rows = table.rows(record);
        if (((FSDataOutputStream) stream).getPos() == 0) {
            channels = table.channels(record);
            rows = table.header(channels) + rows;
        }
        // At once: the streams of some file systems do not buffer.
        stream.write(rows.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean shouldRollOnEvent(PartFileInfo<String> file, T record) throws IOException {
        return !table.channels(record).equals(channels) || rolling.shouldRollOnEvent(file, record);
    }

    @Override
    public boolean shouldRollOnCheckpoint(PartFileInfo<String> file) throws IOException {
        return rolling.shouldRollOnCheckpoint(file);
    }

    @Override
    public boolean shouldRollOnProcessingTime(PartFileInfo<String> file, long time)
            throws IOException {
        return rolling.shouldRollOnProcessingTime(file, time);
    }
}
