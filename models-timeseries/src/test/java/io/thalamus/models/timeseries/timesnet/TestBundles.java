/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.BundleFiles;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.TestEngines;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The bundles and engines that tests run on. */
final class TestBundles {
    static final String LONG_TERM = "/golden/timesnet/long_term_forecast";
    static final String SHORT_TERM = "/golden/timesnet/short_term_forecast";

    static final String IMPUTATION = "/golden/timesnet/imputation";
    static final String ANOMALY = "/golden/timesnet/anomaly_detection";
    static final String CLASSIFICATION = "/golden/timesnet/classification";

    private TestBundles() {}

    /** The reference's own cases, and cases of other sizes from an independent implementation. */
    static Stream<String> bundles() {
        return Stream.concat(
                Stream.of(LONG_TERM, SHORT_TERM, IMPUTATION, ANOMALY, CLASSIFICATION), others());
    }

    private static Stream<String> others() {
        return Stream.of(
                        "odd-lengths",
                        "one-kernel",
                        "prime-total",
                        "wide",
                        "seconds",
                        "minutes",
                        "days",
                        "weeks",
                        "months",
                        "fixed-minutes",
                        "learned-hours",
                        "no-times",
                        "fill-business-days",
                        "fill-learned-minutes",
                        "fill-fixed-days",
                        "fill-line",
                        "detect",
                        "detect-wide",
                        "classify",
                        "classify-short")
                .map(name -> "/bundles/" + name);
    }

    static Stream<String> engines() {
        return Stream.concat(Stream.of("reference"), TestEngines.names().stream());
    }

    static Stream<Arguments> bundlesAndEngines() {
        return bundles().flatMap(bundle -> engines().map(engine -> Arguments.of(bundle, engine)));
    }

    static ModelBundle bundle(String path) {
        return BundleFiles.resource(path);
    }
}
