/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Bundles among the resources of tests, and others made of them. */
public final class BundleFiles {
    private BundleFiles() {}

    /** The bundle at an absolute path of the class path. */
    public static ModelBundle resource(String path) {
        try {
            return ModelBundle.open(Path.of(BundleFiles.class.getResource(path).toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A bundle with another configuration, in an empty folder. */
    public static ModelBundle changed(Path folder, ModelBundle given, Consumer<ObjectNode> change) {
        ObjectNode config = given.config().root().deepCopy();
        change.accept(config);
        try {
            Files.writeString(folder.resolve(ModelBundle.CONFIG), config.toString());
            Files.copy(
                    given.folder().resolve(ModelBundle.WEIGHTS),
                    folder.resolve(ModelBundle.WEIGHTS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ModelBundle.open(folder);
    }
}
