/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.BundleFiles;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.TestEngines;
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
        return BundleFiles.resource("/golden/duin/" + name);
    }

    /** A bundle with another configuration, in an empty folder. */
    static ModelBundle changed(Path folder, String name, Consumer<ObjectNode> change) {
        return BundleFiles.changed(folder, bundle(name), change);
    }
}
