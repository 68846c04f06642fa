/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.verification.Tolerance.Metric;
import io.thalamus.schemas.InvalidInputException;
import java.util.List;
import java.util.Map;

/**
 * The tolerances of a bundle: {@code tolerance} of its configuration is an object with {@code
 * metric} and {@code value}, or with {@code abs} and {@code rel}, of which each value may be off by
 * {@code abs} and the share {@code rel} of the reference; and optionally {@code "integers":
 * "exact"} and {@code "zero_reference": "exact"}. A case may allow single tensors another largest
 * difference with {@code "tolerance": {"<tensor>": {"suggested_abs_tolerance": <value>}}}. Without
 * any, it is 1e-4 of the norm.
 */
final class ToleranceRules {
    private static final String FIELD = "tolerance";
    private static final String CASE_VALUE = "suggested_abs_tolerance";
    private static final Tolerance DEFAULT = new Tolerance(Metric.RELATIVE_L2, 1e-4);

    private static final List<Metric> NAMED =
            List.of(Metric.MAX_ABS, Metric.RELATIVE_L2, Metric.RELATIVE_MAX);

    /** What bundles of the echo canceller call their tensors there. */
    private static final Map<String, String> SHORT_NAMES =
            Map.of("mask_echo", "E", "mask_speech", "S", "stft_out", "O");

    private final BundleConfig config;
    private final double share;
    private final Tolerance usual;
    private final boolean integersExact;
    private final boolean zerosExact;

    /**
     * Reads and checks them.
     *
     * @throws InvalidInputException if one is not what it must be
     */
    ToleranceRules(BundleConfig config) {
        this.config = config;
        JsonNode node = config.root().path(FIELD);
        this.share = node.path("rel").asDouble(0);
        this.usual = config.has(FIELD) ? usual(node) : DEFAULT;
        this.integersExact = exact(node, "integers");
        this.zerosExact = exact(node, "zero_reference");
    }

    /** The share of each value of the reference that a difference is measured beyond. */
    double share() {
        return share;
    }

    private Tolerance usual(JsonNode node) {
        if (isLimit(node.path("abs")) && isLimit(node.path("rel"))) {
            return new Tolerance(Metric.BEYOND_SHARE, node.path("abs").doubleValue());
        }
        JsonNode value = node.path("value");
        String name = node.path("metric").asText();
        for (Metric metric : NAMED) {
            if (metric.toString().equals(name) && isLimit(value)) {
                return new Tolerance(metric, value.doubleValue());
            }
        }
        throw config.wrong(
                FIELD, "an object with a metric of %s and a value of at least 0".formatted(NAMED));
    }

    private boolean exact(JsonNode node, String field) {
        if (!node.hasNonNull(field)) {
            return false;
        }
        if (!node.path(field).asText().equals("exact")) {
            throw config.wrong(FIELD, "an object whose %s, if any, is \"exact\"".formatted(field));
        }
        return true;
    }

    /**
     * What holds for one tensor.
     *
     * @param description the case's entry in the configuration
     * @param integers whether the tensor is stored as integers
     * @param zeroReference whether it is stored as nothing but zeros
     * @throws InvalidInputException if the case's own tolerance is not what it must be
     */
    Tolerance of(JsonNode description, String tensor, boolean integers, boolean zeroReference) {
        if (integers && integersExact || zeroReference && zerosExact) {
            return Tolerance.EXACT;
        }
        JsonNode own = description.path(FIELD);
        String whole = tensor.replaceFirst("\\.(re|im)$", "");
        String key = SHORT_NAMES.getOrDefault(whole, whole);
        if (!own.has(key)) {
            return usual;
        }
        JsonNode value = own.path(key).path(CASE_VALUE);
        if (!isLimit(value)) {
            throw config.wrong(
                    "cases",
                    "such that %s of %s is a number of at least 0".formatted(CASE_VALUE, key));
        }
        return new Tolerance(Metric.MAX_ABS, value.doubleValue());
    }

    private static boolean isLimit(JsonNode value) {
        return value.isNumber() && Double.isFinite(value.doubleValue()) && value.doubleValue() >= 0;
    }
}
