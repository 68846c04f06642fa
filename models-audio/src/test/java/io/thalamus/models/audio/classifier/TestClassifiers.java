/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.inference.ModelBundle;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Small classifiers of random weights, from training/classifier_references.py. */
final class TestClassifiers {
    static final String BATCH_NORM = "batch_norm";
    static final String GROUP_NORM = "group_norm";

    private TestClassifiers() {}

    static ModelBundle bundle(String name) {
        return ModelBundle.open(folder(name));
    }

    static Path folder(String name) {
        try {
            return Path.of(TestClassifiers.class.getResource("/golden/classifier/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
