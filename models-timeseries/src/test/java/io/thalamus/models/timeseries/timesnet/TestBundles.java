/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ReferenceEngine;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The bundles and engines that tests run on. */
final class TestBundles {
    private TestBundles() {}

    static ModelBundle golden(String task) throws URISyntaxException {
        URL config = TestBundles.class.getResource("/golden/timesnet/" + task + "/config.json");
        return ModelBundle.open(Path.of(config.toURI()).getParent());
    }

    static Stream<String> engines() {
        return Stream.of("reference", "mxnet");
    }

    static GraphEngine engine(String name) {
        return name.equals("reference") ? new ReferenceEngine() : GraphEngines.open(name);
    }
}
