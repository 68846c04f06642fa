/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SignalFrame;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.flink.core.fs.Path;

/** Writes any frames and annotations, as they are and in their order, to one Avro file. */
final class AvroWriter implements RecordingWriter {
    static final String EXTENSION = ".avro";

    private final RecordingTarget target;
    private final Path path;
    private final java.nio.file.Path file;
    private final AvroOutput output;

    AvroWriter(RecordingTarget target, String name) throws IOException {
        this.target = target;
        this.path = target.next(name, EXTENSION);
        this.file = target.scratchFile();
        this.output = new AvroOutput(new BufferedOutputStream(Files.newOutputStream(file)), name);
    }

    @Override
    public void write(SignalFrame frame) throws IOException {
        output.write(frame);
    }

    @Override
    public void write(Annotation annotation) throws IOException {
        output.write(annotation);
    }

    @Override
    public void finish() throws IOException {
        output.close();
        target.publish(path, new byte[0], file);
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
