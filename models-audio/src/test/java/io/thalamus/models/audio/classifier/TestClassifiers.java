/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.inference.AdaptationSettings;
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

    /** A rule with rates so large that a step is seen. */
    static AdaptationSettings settings(AdaptationSettings rule, int batch) {
        return new AdaptationSettings(
                rule.rule(),
                0.3,
                rule.rate() > 0 ? 0.05 : 0,
                rule.hebbianRate() > 0 ? 0.1 : 0,
                batch,
                rule.guards(),
                rule.weightBudget(),
                rule.pendingBudget());
    }

    static Path folder(String name) {
        return bundle(name).folder();
    }
}
