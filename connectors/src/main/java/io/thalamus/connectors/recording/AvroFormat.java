/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.fs.Path;

/**
 * Frames and annotations as they are, in Avro object container files: the records of {@code
 * SignalFrame.avsc} and {@code Annotation.avsc}, of this version or one before it, in blocks that
 * are packed by zstandard, by deflate, or not at all. Nothing of a frame is lost: stream, sequence
 * number, segment, time, rate, channels, the samples' bits and quality.
 *
 * <p><b>Streams</b> have the names that their frames give, and not the file's. A frame comes as it
 * was written, whatever {@link RecordingOptions#frameLength()} says. A stream whose channels or
 * rate change is described once for each of them.
 *
 * <p><b>Damage</b> costs a block: what cannot be read up to the next sync marker is a dead letter
 * with its bytes (the first MiB of them), and so is a record that contradicts itself.
 *
 * <p>Describing a file goes over the whole of it, as a stream may begin anywhere. Avro's own reader
 * allocates what a block asks for and ends at the first damaged one, so blocks are read here.
 */
public final class AvroFormat implements RecordingFormat {
    private final RecordingOptions options;

    public AvroFormat(RecordingOptions options) {
        this.options = options;
    }

    @Override
    public boolean accepts(String fileName) {
        return DetectedFormat.hasExtension(fileName, ".avro");
    }

    @Override
    public boolean recognises(byte[] head) {
        int length = AvroHeader.MAGIC.length;
        return head.length >= length && Arrays.equals(head, 0, length, AvroHeader.MAGIC, 0, length);
    }

    @Override
    public RecordingDescription describe(Path path, String name) throws IOException {
        requireChannels(path);
        try (AvroReader reader = open(path, new byte[0], options)) {
            return new RecordingDescription(
                    path.toString(),
                    name,
                    "Avro",
                    path.getFileSystem().getFileStatus(path).getLen(),
                    reader.startNanos(),
                    List.copyOf(streams(reader).values()));
        }
    }

    @Override
    public RecordingReader open(Path path, String name, byte[] position) throws IOException {
        if (position.length == 0) {
            requireChannels(path);
        }
        return open(path, position, options);
    }

    private static AvroReader open(Path path, byte[] position, RecordingOptions options)
            throws IOException {
        BinaryFile file = BinaryFile.open(path);
        try {
            return new AvroReader(file, AvroHeader.read(file), options, position);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** A wanted channel may be one of any stream of the file. */
    private void requireChannels(Path path) throws IOException {
        if (options.channels().isEmpty()) {
            return;
        }
        Set<String> available = new LinkedHashSet<>();
        RecordingOptions all = options.withChannels(List.of());
        try (AvroReader reader = open(path, new byte[0], all);
                BinaryFile file = BinaryFile.open(path)) {
            streams(reader).values().forEach(stream -> available.addAll(stream.channels()));
            options.requireChannels(file, List.copyOf(available));
        }
    }

    private static Map<List<Object>, StreamDescription> streams(AvroReader reader)
            throws IOException {
        Map<List<Object>, StreamDescription> streams = new LinkedHashMap<>();
        for (Received next = reader.next(); next != null; next = reader.next()) {
            SignalFrame frame = next.frame();
            if (frame != null) {
                streams.computeIfAbsent(
                        List.of(frame.streamId(), frame.channels(), frame.rate()),
                        key ->
                                StreamDescription.withoutUnits(
                                        frame.streamId(), frame.channels(), frame.rate()));
            }
        }
        return streams;
    }
}
