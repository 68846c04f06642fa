/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ReferenceEngine;
import io.thalamus.operators.inference.TestEngines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The bundles and engines that tests run on. */
final class TestBundles {
    static final String CODES = "vqvae";
    static final String MASKS = "mae";
    static final String WORDS = "cls";

    static final String OTHER_CODES = "other-codes";
    static final String OTHER_MASKS = "other-masks";
    static final String OTHER_WORDS = "other-words";
    static final String WIDE_WORDS = "wide-words";

    private static final List<String> ALL =
            List.of(CODES, MASKS, WORDS, OTHER_CODES, OTHER_MASKS, OTHER_WORDS, WIDE_WORDS);

    private TestBundles() {}

    /** All on MXNet's two engines and on the slow one of the tests. */
    static Stream<Arguments> bundlesAndEngines() {
        return ALL.stream()
                .flatMap(
                        bundle ->
                                Stream.concat(Stream.of("reference"), TestEngines.names().stream())
                                        .map(engine -> Arguments.of(bundle, engine)));
    }

    static ModelBundle bundle(String name) {
        try {
            return ModelBundle.open(
                    Path.of(TestBundles.class.getResource("/golden/duin/" + name).toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A bundle with another configuration, in an empty folder. */
    static ModelBundle changed(Path folder, String name, Consumer<ObjectNode> change) {
        ModelBundle given = bundle(name);
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

    static GraphEngine engine(String name) {
        return name.equals("reference") ? new ReferenceEngine() : GraphEngines.open(name);
    }
}
