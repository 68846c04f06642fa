/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InnerFile;
import io.thalamus.schemas.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * What a path to recordings stands for: one file; the recordings in a folder (without its
 * sub-folders and hidden files); or what matches a glob, in which {@code *}, {@code ?}, {@code
 * [a-c]} and {@code {a,b}} stand for parts of one folder's or file's name. Any file system that
 * Flink knows. A file that is found in a folder is refused if it is a link out of it.
 */
final class RecordingPaths {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

    private final String path;
    private final RecordingFormat format;

    RecordingPaths(String path, RecordingFormat format) {
        this.path = path;
        this.format = format;
    }

    /** The files, in the order of their names; at least one. */
    List<String> files() throws IOException {
        List<String> files = find().map(Path::toString).sorted().toList();
        if (files.isEmpty()) {
            throw new InvalidInputException(
                    "no recording was found at '" + path + "': name a file, a folder or a glob");
        }
        return files;
    }

    private Stream<Path> find() throws IOException {
        FileSystem fileSystem = fileSystem();
        Path literal = new Path(path);
        FileStatus status = statusOf(fileSystem, literal);
        if (status != null) {
            return status.isDir()
                    ? recordingsIn(fileSystem, literal).map(RecordingPaths::inItsFolder)
                    : Stream.of(literal);
        }
        return WILDCARD.matcher(path).find()
                ? matching(fileSystem).map(RecordingPaths::inItsFolder)
                : Stream.of();
    }

    /** What was found and not named must not be a link to what lies elsewhere. */
    private static Path inItsFolder(Path found) {
        String scheme = found.toUri().getScheme();
        if (scheme == null || scheme.equals(LocalFileSystem.getLocalFsURI().getScheme())) {
            java.nio.file.Path file =
                    LocalFileSystem.getSharedInstance().pathToFile(found).toPath();
            InnerFile.of(file.getParent(), file.getFileName().toString());
        }
        return found;
    }

    private FileSystem fileSystem() throws IOException {
        try {
            return new Path(path).getFileSystem();
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidInputException(
                    "the path '"
                            + path
                            + "' names no file system that is available here: "
                            + firstLine(e),
                    e);
        }
    }

    private static FileStatus statusOf(FileSystem fileSystem, Path path) throws IOException {
        try {
            return fileSystem.getFileStatus(path);
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    private Stream<Path> recordingsIn(FileSystem fileSystem, Path folder) throws IOException {
        return list(fileSystem, folder)
                .filter(status -> !status.isDir())
                .map(FileStatus::getPath)
                .filter(file -> format.accepts(file.getName()));
    }

    private Stream<Path> matching(FileSystem fileSystem) throws IOException {
        List<String> names = Arrays.asList(path.split("/", -1));
        int fixed = 0;
        while (!WILDCARD.matcher(names.get(fixed)).find()) {
            fixed++;
        }
        String root = fixed == 0 ? "." : String.join("/", names.subList(0, fixed)) + "/";
        List<Path> folders = List.of(new Path(root));
        for (int i = fixed; i < names.size(); i++) {
            PathMatcher matcher = matcher(names.get(i));
            boolean last = i == names.size() - 1;
            List<Path> matched = new ArrayList<>();
            for (Path folder : folders) {
                list(fileSystem, folder)
                        .filter(status -> status.isDir() != last)
                        .map(FileStatus::getPath)
                        .filter(found -> matcher.matches(java.nio.file.Path.of(found.getName())))
                        .forEach(matched::add);
            }
            folders = matched;
        }
        return folders.stream();
    }

    private PathMatcher matcher(String glob) {
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (PatternSyntaxException e) {
            throw new InvalidInputException(
                    "the path '" + path + "' is no glob: " + firstLine(e), e);
        }
    }

    private static Stream<FileStatus> list(FileSystem fileSystem, Path folder) throws IOException {
        FileStatus status = statusOf(fileSystem, folder);
        FileStatus[] content =
                status != null && status.isDir() ? fileSystem.listStatus(folder) : null;
        return content == null
                ? Stream.of()
                : Arrays.stream(content)
                        .filter(entry -> !entry.getPath().getName().matches("[._].*"))
                        .sorted(Comparator.comparing(entry -> entry.getPath().toString()));
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
