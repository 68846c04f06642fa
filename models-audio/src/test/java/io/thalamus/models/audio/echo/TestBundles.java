/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.BundleFiles;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.TestEngines;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The bundles and engines that tests run on. */
final class TestBundles {
    static final String SMALL = "small-causal";
    static final String SYMMETRIC = "small-symmetric";
    static final String FULL = "full-causal";

    private TestBundles() {}

    /** All on MXNet's two; the slow engine of the tests has the small ones. */
    static Stream<Arguments> bundlesAndEngines() {
        return Stream.of(SMALL, SYMMETRIC, FULL)
                .flatMap(bundle -> engines(bundle).map(engine -> Arguments.of(bundle, engine)));
    }

    private static Stream<String> engines(String bundle) {
        Stream<String> fast = TestEngines.names().stream();
        return bundle.equals(FULL) ? fast : Stream.concat(Stream.of("reference"), fast);
    }

    static ModelBundle bundle(String name) {
        return BundleFiles.resource("/golden/aec/" + name);
    }
}
