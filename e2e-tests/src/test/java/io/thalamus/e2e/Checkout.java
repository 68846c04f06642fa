/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where things are in the checkout that is being tested. */
final class Checkout {
    static final Path ROOT = root();
    static final Path BUILT = ROOT.resolve("jobs/target");
    static final Path JOB_JAR = BUILT.resolve("thalamus-jobs.jar");
    static final Path BUNDLE = ROOT.resolve("pipelines/bundles/timesnet-etth1-96-96");
    static final Path FORECAST = ROOT.resolve("pipelines/forecast.yaml");

    private Checkout() {}

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("thalamus"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
