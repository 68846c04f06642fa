/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.inference.BundleFiles;
import io.thalamus.operators.inference.ModelBundle;
import java.nio.file.Path;

/** Small classifiers of random weights, from training/classifier_references.py. */
final class TestClassifiers {
    static final String BATCH_NORM = "batch_norm";
    static final String GROUP_NORM = "group_norm";

    private TestClassifiers() {}

    static ModelBundle bundle(String name) {
        return BundleFiles.resource("/golden/classifier/" + name);
    }

    static Path folder(String name) {
        return bundle(name).folder();
    }
}
