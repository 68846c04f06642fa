/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of a folder that comes from elsewhere, such as a model bundle or a folder of recordings:
 * it must not make us read what lies outside of that folder. It may be a link within, as where
 * Kubernetes mounts a volume.
 */
public final class InnerFile {
    private InnerFile() {}

    /**
     * @param name the file's name, whether it exists or not
     * @throws InvalidInputException if it leaves the folder, by its name or as a link
     */
    public static Path of(Path folder, String name) {
        Path file = folder.resolve(name);
        try {
            boolean leaves =
                    !file.normalize().startsWith(folder.normalize())
                            || Files.exists(file)
                                    && !file.toRealPath().startsWith(folder.toRealPath());
            if (leaves) {
                throw new InvalidInputException(
                        "%s leads out of its folder: put the file itself there".formatted(file));
            }
            return file;
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }
}
