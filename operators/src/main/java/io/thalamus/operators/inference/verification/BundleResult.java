/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What came of verifying one bundle; as JSON, an object with these fields.
 *
 * @param bundle where it lies
 * @param architecture the model's architecture or the operator's name; null if the configuration
 *     does not say
 * @param engine the engine it ran on, by its name; java for an operator
 * @param results one for each tensor that was compared
 * @param notCompared {@code case.tensor} for each stored tensor that is neither an input nor
 *     something the model or operator produces
 * @param ok whether nothing is wrong; true for what is skipped
 * @param reason why a bundle was skipped or is not ok, in one line; null otherwise, and then not in
 *     the JSON
 */
public record BundleResult(
        String bundle,
        String architecture,
        String engine,
        List<TensorResult> results,
        List<String> notCompared,
        boolean ok,
        @JsonInclude(JsonInclude.Include.NON_NULL) String reason) {}
