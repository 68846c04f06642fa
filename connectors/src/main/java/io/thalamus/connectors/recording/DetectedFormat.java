/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.flink.core.fs.Path;

/**
 * Several formats as one: each file is read in the format that its first bytes tell, and otherwise
 * in the one that its name tells.
 *
 * @param formats the formats, of which the first that fits is taken
 */
public record DetectedFormat(List<RecordingFormat> formats) implements RecordingFormat {

    /** How many bytes a format is told by. */
    static final int HEAD = 16;

    public DetectedFormat {
        formats = List.copyOf(formats);
    }

    /** The binary formats, told apart. */
    public static DetectedFormat of(RecordingOptions options) {
        return new DetectedFormat(
                List.of(
                        new WavFormat(options),
                        new FlacFormat(options),
                        new EdfFormat(options),
                        new XdfFormat(options),
                        new AvroFormat(options)));
    }

    /** These formats and another, which is tried last. */
    public DetectedFormat or(RecordingFormat last) {
        return new DetectedFormat(Stream.concat(formats.stream(), Stream.of(last)).toList());
    }

    @Override
    public boolean accepts(String fileName) {
        return formats.stream().anyMatch(format -> format.accepts(fileName));
    }

    @Override
    public boolean recognises(byte[] head) {
        return formats.stream().anyMatch(format -> format.recognises(head));
    }

    @Override
    public RecordingDescription describe(Path path, String name) throws IOException {
        return of(path).describe(path, name);
    }

    @Override
    public RecordingReader open(Path path, String name, byte[] position) throws IOException {
        return of(path).open(path, name, position);
    }

    private RecordingFormat of(Path path) throws IOException {
        byte[] head;
        try (BinaryFile file = BinaryFile.open(path)) {
            head = file.bytes(Math.min(HEAD, file.length()));
        }
        return formats.stream()
                .filter(format -> format.recognises(head))
                .findFirst()
                .or(
                        () ->
                                formats.stream()
                                        .filter(format -> format.accepts(path.getName()))
                                        .findFirst())
                .orElseThrow(
                        () ->
                                BinaryFile.invalid(
                                        path,
                                        "is no recording of a known kind: its first bytes and its"
                                                + " name tell no format"));
    }

    /** Whether a file's name ends in one of these, in capitals or not. */
    static boolean hasExtension(String fileName, String... extensions) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        for (String extension : extensions) {
            if (lower.endsWith(extension)) {
                return true;
            }
        }
        return false;
    }
}
