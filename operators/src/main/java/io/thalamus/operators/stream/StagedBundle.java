/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.schemas.InnerFile;
import io.thalamus.schemas.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.util.FileUtils;

/**
 * A model bundle from any file system that Flink knows, on local disk, where its weights can be
 * mapped. A local folder is used as it is; any other is copied, and the copy deleted at the end.
 */
public final class StagedBundle implements AutoCloseable {
    private final Path folder;
    private final boolean copied;

    private StagedBundle(Path folder, boolean copied) {
        this.folder = folder;
        this.copied = copied;
    }

    /**
     * Whether a folder looks like a bundle.
     *
     * @param location a path or URI
     * @throws InvalidInputException if its file system cannot tell
     */
    public static boolean isBundle(String location) {
        org.apache.flink.core.fs.Path folder = new org.apache.flink.core.fs.Path(location);
        try {
            FileSystem files = folder.getFileSystem();
            // Some file systems refuse to look for a file in a file.
            return files.exists(folder)
                    && files.getFileStatus(folder).isDir()
                    && files.exists(new org.apache.flink.core.fs.Path(folder, ModelBundle.CONFIG));
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s cannot be read: %s".formatted(location, e.getMessage()), e);
        }
    }

    /**
     * Why a folder does not look like a bundle; empty if it does.
     *
     * @param location a path or URI
     * @throws InvalidInputException if its file system cannot tell
     */
    public static Optional<String> objectionTo(String location) {
        return isBundle(location)
                ? Optional.empty()
                : Optional.of(
                        "%s is no bundle: a folder with config.json and weights.safetensors"
                                .formatted(location));
    }

    /**
     * Every folder that looks like a bundle, this one or below it, folder by folder in the order of
     * their names.
     *
     * @param location a path or URI; those that are found begin with it
     * @throws InvalidInputException if there is none, or the file system cannot tell
     */
    public static List<String> bundlesIn(String location) {
        org.apache.flink.core.fs.Path folder = new org.apache.flink.core.fs.Path(location);
        List<String> bundles = new ArrayList<>();
        try {
            FileSystem files = folder.getFileSystem();
            if (!files.exists(folder) || !files.getFileStatus(folder).isDir()) {
                throw new InvalidInputException(
                        "%s is no folder: name a bundle or a folder of bundles"
                                .formatted(location));
            }
            addBundles(files, location.replaceFirst("(?<=.)/+$", ""), bundles);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s cannot be searched for bundles: %s".formatted(location, e.getMessage()), e);
        }
        if (bundles.isEmpty()) {
            throw new InvalidInputException(
                    "%s holds no bundle: there is no %s in it or below it"
                            .formatted(location, ModelBundle.CONFIG));
        }
        return bundles;
    }

    private static void addBundles(FileSystem files, String location, List<String> bundles)
            throws IOException {
        org.apache.flink.core.fs.Path folder = new org.apache.flink.core.fs.Path(location);
        List<String> below = new ArrayList<>();
        boolean bundle = false;
        for (FileStatus file : files.listStatus(folder)) {
            String name = file.getPath().getName();
            if (file.isDir()) {
                below.add(name);
            } else if (name.equals(ModelBundle.CONFIG)) {
                bundle = true;
            }
        }
        if (bundle) {
            bundles.add(location);
        }
        Collections.sort(below);
        for (String name : below) {
            addBundles(files, location + "/" + name, bundles);
        }
    }

    /**
     * @param location a path or URI of a folder
     * @param scratch where a copy may be made: a local folder that exists
     * @throws InvalidInputException if there is no such folder, or it cannot be read
     */
    public static StagedBundle of(String location, Path scratch) {
        org.apache.flink.core.fs.Path source = new org.apache.flink.core.fs.Path(location);
        try {
            FileSystem files = source.getFileSystem();
            if (files.getUri().getScheme().equals(LocalFileSystem.getLocalFsURI().getScheme())) {
                return new StagedBundle(
                        LocalFileSystem.getSharedInstance().pathToFile(source).toPath(), false);
            }
            return copy(files, source, scratch);
        } catch (FileNotFoundException e) {
            throw new InvalidInputException("%s does not exist".formatted(location), e);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s cannot be read: %s".formatted(location, e.getMessage()), e);
        }
    }

    private static StagedBundle copy(
            FileSystem files, org.apache.flink.core.fs.Path source, Path scratch)
            throws IOException {
        FileStatus[] listed = files.listStatus(source);
        if (listed == null) {
            throw new FileNotFoundException(source.toString());
        }
        Path parent = Files.createTempDirectory(scratch, "bundle-");
        // The folder keeps its name, which is the name of the model.
        StagedBundle copy = new StagedBundle(parent.resolve(source.getName()), true);
        try {
            Files.createDirectory(copy.folder);
            for (FileStatus file : listed) {
                if (!file.isDir()) {
                    try (InputStream in = files.open(file.getPath())) {
                        Files.copy(in, InnerFile.of(copy.folder, file.getPath().getName()));
                    }
                }
            }
            return copy;
        } catch (IOException | RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    /** Where it lies on local disk. */
    public Path folder() {
        return folder;
    }

    /** The bundle. */
    public ModelBundle bundle() {
        return ModelBundle.open(folder);
    }

    /**
     * Deletes a copy, in peace where that fails: whoever tidies a machine's temporary folders may
     * have been there before, and a task that has failed and then throws while it is closed ends
     * its task manager.
     */
    @Override
    public void close() {
        if (copied) {
            FileUtils.deleteDirectoryQuietly(folder.getParent().toFile());
        }
    }
}
