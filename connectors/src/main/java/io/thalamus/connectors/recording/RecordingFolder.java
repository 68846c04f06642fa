/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.FileUtils;

/**
 * Writes streams to the recordings of a folder, on any file system that Flink knows: the way back
 * of {@link RecordedSource}.
 *
 * <pre>{@code
 * try (RecordingFolder folder = RecordingFolder.open("out/night", WrittenFormat.AVRO, false)) {
 *     folder.write(frame);
 *     List<String> files = folder.finish();
 * }
 * }</pre>
 *
 * <p>What comes of a stream is written in its order. A file appears when it is whole; until then it
 * lies in a local temporary folder, which has to have room for it. In memory there is a block of 64
 * KiB and one frame for each recording.
 */
public final class RecordingFolder implements Closeable {
    /** Each keeps up to two files open. */
    private static final int MOST_RECORDINGS = 200;

    private final WrittenFormat format;
    private final java.nio.file.Path scratch;
    private final RecordingTarget target;
    private final Map<String, RecordingWriter> writers = new LinkedHashMap<>();

    private RecordingFolder(
            WrittenFormat format, java.nio.file.Path scratch, RecordingTarget target) {
        this.format = format;
        this.scratch = scratch;
        this.target = target;
    }

    /**
     * @param overwrite whether files that are there already are replaced; else they end the writing
     */
    public static RecordingFolder open(String path, WrittenFormat format, boolean overwrite)
            throws IOException {
        return open(
                path,
                format,
                overwrite,
                java.nio.file.Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * @param temporary where a folder is made for what is not whole yet
     */
    static RecordingFolder open(
            String path, WrittenFormat format, boolean overwrite, java.nio.file.Path temporary)
            throws IOException {
        java.nio.file.Path scratch = Files.createTempDirectory(temporary, "thalamus-record-");
        return new RecordingFolder(
                format, scratch, new RecordingTarget(new Path(path), scratch, overwrite));
    }

    /**
     * @throws InvalidInputException if the kind of file cannot hold the frame, if its file is there
     *     already, if its name is too long, or if there are too many recordings
     */
    public void write(SignalFrame frame) throws IOException {
        writer(frame.streamId()).write(frame);
    }

    /**
     * @throws InvalidInputException as of a frame
     */
    public void write(Annotation annotation) throws IOException {
        writer(annotation.streamId()).write(annotation);
    }

    private RecordingWriter writer(String streamId) throws IOException {
        String name = format.recordingOf(streamId);
        RecordingWriter writer = writers.get(name);
        if (writer == null) {
            if (writers.size() == MOST_RECORDINGS) {
                throw new InvalidInputException(
                        "there are more than %d recordings, with '%s' the first too many: record"
                                        .formatted(MOST_RECORDINGS, name)
                                + " fewer streams at a time");
            }
            RecordingTarget.requireNameable(name);
            writer = format.writer(target, name);
            writers.put(name, writer);
        }
        return writer;
    }

    /**
     * Makes all files appear, and gives their paths. Nothing can be written any more.
     *
     * @throws IOException if a recording cannot be finished; all others are, and it names those
     *     that are lost
     */
    public List<String> finish() throws IOException {
        List<String> lost = new ArrayList<>();
        List<Exception> causes = new ArrayList<>();
        for (Map.Entry<String, RecordingWriter> each : writers.entrySet()) {
            try {
                each.getValue().finish();
            } catch (IOException | RuntimeException e) {
                lost.add("'%s' (%s)".formatted(each.getKey(), e.getMessage()));
                causes.add(e);
            }
        }
        if (!lost.isEmpty()) {
            IOException failure =
                    new IOException(
                            "%d of %d recordings could not be finished and are lost from their last"
                                            .formatted(lost.size(), writers.size())
                                    + " file on, the others are written: "
                                    + String.join("; ", lost));
            causes.forEach(failure::addSuppressed);
            throw failure;
        }
        return target.written();
    }

    @Override
    public void close() throws IOException {
        try {
            for (RecordingWriter writer : writers.values()) {
                writer.close();
            }
        } finally {
            FileUtils.deleteDirectory(scratch.toFile());
        }
    }
}
