/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths as users write them. */
public final class Location {
    private Location() {}

    /**
     * A URI as it is, and a path as an absolute one.
     *
     * @param folder where relative paths start
     * @throws InvalidInputException if it is neither
     */
    public static String of(Path folder, String text) {
        if (text.contains("://")) {
            return text;
        }
        try {
            return folder.resolve(text).toAbsolutePath().normalize().toString();
        } catch (InvalidPathException e) {
            throw new InvalidInputException("'%s' is no path".formatted(text), e);
        }
    }
}
