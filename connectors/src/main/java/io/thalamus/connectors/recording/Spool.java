/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.WireRecord;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Frames or annotations that are kept in a local file until all of them are known. */
final class Spool implements Closeable {
    private final Path file;
    private final AvroOutput output;

    Spool(Path file) throws IOException {
        this.file = file;
        this.output =
                new AvroOutput(
                        new BufferedOutputStream(Files.newOutputStream(file)), file.toString());
    }

    void write(WireRecord record) throws IOException {
        output.write(record);
    }

    /** What has been written, from its start; nothing can be written any more. */
    RecordingReader read() throws IOException {
        output.close();
        return new AvroFormat(RecordingOptions.defaults())
                .open(new org.apache.flink.core.fs.Path(file.toUri()), "", new byte[0]);
    }

    /** Lets go of what has been written. */
    void delete() throws IOException {
        output.close();
        Files.delete(file);
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
