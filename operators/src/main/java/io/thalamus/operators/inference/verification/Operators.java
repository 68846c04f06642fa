/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.BundleConfig;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The operators of {@code operators.signal} and {@code adaptation} that stored cases can be run
 * through, by name.
 */
final class Operators {
    /** What results say of operators instead of an engine. */
    static final String ENGINE = "java";

    private static final Map<String, OperatorCase> BY_NAME = new TreeMap<>();

    static {
        BY_NAME.putAll(FourierCases.ALL);
        BY_NAME.putAll(FilterCases.ALL);
        BY_NAME.putAll(RateCases.ALL);
        BY_NAME.putAll(SpatialCases.ALL);
        BY_NAME.putAll(AmplitudeCases.ALL);
        BY_NAME.putAll(ChainCases.ALL);
    }

    private static final Map<String, Map<String, OperatorFile>> BY_FILE =
            Map.of("hebbian", HebbianCases.FILES);

    private Operators() {}

    /**
     * What the cases in one of an operator's files are run through; none for a file that needs more
     * than the operator.
     *
     * @throws io.thalamus.schemas.InvalidInputException if there is no such operator with files
     */
    static Optional<OperatorFile> file(BundleConfig config, String file) {
        Map<String, OperatorFile> files = BY_FILE.get(config.text("operator"));
        if (files == null) {
            throw config.wrong("operator", "one of " + BY_FILE.keySet() + " where there are files");
        }
        return Optional.ofNullable(files.get(file));
    }

    /**
     * The operator that a configuration names.
     *
     * @throws io.thalamus.schemas.InvalidInputException if there is none of that name
     */
    static OperatorCase named(BundleConfig config) {
        OperatorCase operator = BY_NAME.get(config.text("operator"));
        if (operator == null) {
            throw config.wrong("operator", "one of " + BY_NAME.keySet());
        }
        return operator;
    }
}
