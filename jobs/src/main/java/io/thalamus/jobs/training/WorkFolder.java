/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;

/**
 * What lies beside a bundle until it is whole. One training at a time has it, until it closes it or
 * its process ends in whatever way.
 */
final class WorkFolder implements AutoCloseable {
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel lock;

    private WorkFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Takes it, with whatever is in it.
     *
     * @throws InvalidInputException if another training has it
     */
    static WorkFolder take(Path path) throws IOException {
        Files.createDirectories(path);
        Path file = path.resolve(LOCK);
        FileChannel lock =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        // The other may have ended, and its folder with it, before this one had the lock.
        if (!locks(lock) || !Files.exists(file)) {
            lock.close();
            throw new InvalidInputException(
                    "another training is under way in %s: wait for its end, or give another --out"
                            .formatted(path));
        }
        return new WorkFolder(path, lock);
    }

    private static boolean locks(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // by a training of this process
        }
    }

    /** Removes what is in it. */
    void clear() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(path)) {
            files = all.filter(file -> !file.endsWith(LOCK)).toList();
        }
        for (Path file : files) {
            FileUtils.deleteFileOrDirectory(file.toFile());
        }
    }

    /** Removes it as a whole. */
    void delete() throws IOException {
        FileUtils.deleteDirectory(path.toFile());
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
