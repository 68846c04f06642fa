/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.BundleFiles;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.TestEngines;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The bundles and engines that tests run on. */
final class TestBundles {
    static final String TINY = "golden/mossformer2/tiny-2spk";
    static final String MAPPING = "golden/mossformer2/tiny-3spk-nomask";
    static final String PUBLISHED_CONSTANTS = "golden/mossformer2/default-constants-2spk";

    /** Of other sizes, with weights by chance and cases by an implementation in PyTorch. */
    static final List<String> OTHERS =
            Stream.of("odd-groups", "three-mapped", "wide", "three-quarters")
                    .map(name -> "bundles/separation/" + name)
                    .toList();

    private TestBundles() {}

    /** All on MXNet's two; the slow engine of the tests has the small ones. */
    static Stream<Arguments> bundlesAndEngines() {
        return Stream.concat(Stream.of(TINY, MAPPING, PUBLISHED_CONSTANTS), OTHERS.stream())
                .flatMap(bundle -> engines(bundle).map(engine -> Arguments.of(bundle, engine)));
    }

    private static Stream<String> engines(String bundle) {
        Stream<String> fast = TestEngines.names().stream();
        return bundle.equals(PUBLISHED_CONSTANTS)
                ? fast
                : Stream.concat(Stream.of("reference"), fast);
    }

    static ModelBundle bundle(String name) {
        return BundleFiles.resource("/" + name);
    }
}
