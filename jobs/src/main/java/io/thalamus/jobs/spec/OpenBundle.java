/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.stream.StagedBundle;
import java.nio.file.Path;

/**
 * A bundle that a pipeline file names and that can be used.
 *
 * @param bundle the bundle
 * @param signature what its model wants and gives
 * @param givesCodesToo whether it gives codes beside its results
 * @param digest the bundle's; empty if streams do not learn with it
 */
record OpenBundle(
        ModelBundle bundle, ModelSignature signature, boolean givesCodesToo, String digest) {

    /**
     * Reads all of a bundle, without an engine.
     *
     * @param location a path or URI
     * @param adaptation how streams are to learn with it
     * @throws io.thalamus.schemas.InvalidInputException if the bundle is not usable
     */
    static OpenBundle of(String location, AdaptationSettings adaptation) {
        try (StagedBundle staged =
                StagedBundle.of(location, Path.of(System.getProperty("java.io.tmpdir")))) {
            ModelBundle bundle = staged.bundle();
            return ModelFactories.read(bundle, () -> of(bundle, adaptation));
        }
    }

    private static OpenBundle of(ModelBundle bundle, AdaptationSettings adaptation) {
        ModelFactory factory = ModelFactories.forBundle(bundle, OpenBundle.class.getClassLoader());
        OpenBundle opened =
                new OpenBundle(
                        bundle,
                        factory.signature(bundle),
                        factory.givesCodesToo(bundle),
                        adaptation.adapts() ? bundle.digest() : "");
        ModelFactories.check(factory, bundle, adaptation);
        return opened;
    }
}
