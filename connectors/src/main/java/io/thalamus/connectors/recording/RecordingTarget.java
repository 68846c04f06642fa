/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * The folder that recordings are written to, on any file system that Flink knows. What is not whole
 * yet lies in a local scratch folder.
 */
final class RecordingTarget {
    /** The file of a recording without a name. */
    private static final String EMPTY = "%";

    private static final int COPIED_BYTES = 1 << 16;

    /**
     * File systems take 255; a part's number, extensions and what marks it unfinished need room.
     */
    private static final int MOST_NAME_BYTES = 200;

    private final Path folder;
    private final java.nio.file.Path scratch;
    private final boolean overwrite;
    private final Set<String> taken = new HashSet<>();
    private final List<String> written = new ArrayList<>();

    /**
     * @param overwrite whether files that are there already are replaced
     */
    RecordingTarget(Path folder, java.nio.file.Path scratch, boolean overwrite) {
        this.folder = folder;
        this.scratch = scratch;
        this.overwrite = overwrite;
    }

    /** A new local file, for what is not whole yet. */
    java.nio.file.Path scratchFile() throws IOException {
        return Files.createTempFile(scratch, "part", null);
    }

    /**
     * @throws InvalidInputException if a recording's name is too long for a file's
     */
    static void requireNameable(String name) {
        int bytes = fileName(name).length();
        if (bytes > MOST_NAME_BYTES) {
            throw new InvalidInputException(
                    "the name of the recording '%s' takes %d bytes in a file's name, and at most %d"
                                    .formatted(name, bytes, MOST_NAME_BYTES)
                            + " are possible: give its stream a shorter one");
        }
    }

    /**
     * The next file of a recording: {@code name.ext}, then {@code name-0002.ext} and so on.
     *
     * @param name any text: what cannot stand in a file's name everywhere is written as in a URL
     * @param extension with its point
     * @throws InvalidInputException if a file of this name is there already, unless it is replaced
     */
    Path next(String name, String extension) throws IOException {
        String plain = fileName(name);
        String file = plain + extension;
        for (int part = 2; !taken.add(file); part++) {
            file = "%s-%04d%s".formatted(plain, part, extension);
        }
        Path path = new Path(folder, file);
        if (!overwrite && path.getFileSystem().exists(path)) {
            throw new InvalidInputException(
                    "'" + path + "' is there already: name another folder, or overwrite it");
        }
        return path;
    }

    private static String fileName(String name) {
        StringBuilder plain = new StringBuilder();
        for (byte one : name.getBytes(StandardCharsets.UTF_8)) {
            boolean letter = one >= '0' && one <= '9' || one >= 'A' && one <= 'Z';
            letter |= one >= 'a' && one <= 'z' || one == '-' || one == ' ';
            // Files that begin so are hidden.
            letter |= (one == '.' || one == '_') && !plain.isEmpty();
            if (letter) {
                plain.append((char) one);
            } else {
                plain.append("%%%02X".formatted(one));
            }
        }
        return plain.isEmpty() ? EMPTY : plain.toString();
    }

    /** The recording whose files are called so: the way back from {@link #next}'s names. */
    static String nameOf(String plain) {
        if (plain.equals(EMPTY)) {
            return "";
        }
        String name;
        try {
            name = URLDecoder.decode(plain, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return plain; // a file of another's, whose percent sign is one
        }
        return fileName(name).equals(plain) ? name : plain;
    }

    /**
     * Makes a file appear.
     *
     * @param path from {@link #next}
     * @param head its first bytes
     * @param rest a local file of those behind them, which is deleted
     */
    void publish(Path path, byte[] head, java.nio.file.Path rest) throws IOException {
        FileSystem fileSystem = path.getFileSystem();
        fileSystem.mkdirs(folder);
        Path unfinished = new Path(folder, "." + path.getName() + ".unfinished");
        try {
            try (OutputStream out = fileSystem.create(unfinished, FileSystem.WriteMode.OVERWRITE)) {
                out.write(head);
                try (var in = Files.newInputStream(rest)) {
                    byte[] buffer = new byte[COPIED_BYTES];
                    for (int some = in.read(buffer); some >= 0; some = in.read(buffer)) {
                        out.write(buffer, 0, some);
                    }
                }
            }
            if (overwrite) {
                fileSystem.delete(path, false); // not every file system replaces by renaming
            }
            if (!fileSystem.rename(unfinished, path)) {
                throw new IOException("'" + unfinished + "' cannot be renamed to '" + path + "'");
            }
        } catch (IOException | RuntimeException e) {
            fileSystem.delete(unfinished, false);
            throw e;
        }
        Files.delete(rest);
        written.add(path.toString());
    }

    /** The files that have appeared, in their order. */
    List<String> written() {
        return List.copyOf(written);
    }
}
