/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;

/**
 * How far one tensor of one case is from its reference.
 *
 * @param caseName the case
 * @param tensor the tensor
 * @param relativeL2 the norm of the difference over the norm of the reference; infinite if the
 *     reference is zero and the tensor is not; NaN or infinite where the two cannot be compared
 *     (null in JSON)
 * @param maxAbs the largest difference of two values; NaN if one of the two alone is NaN, infinite
 *     if the shapes disagree (null in JSON)
 * @param tolerance what the bundle allows, in the metric that it names; 0 wants equal values
 * @param ok whether the tensor is within it
 */
public record TensorResult(
        @JsonProperty("case") String caseName,
        String tensor,
        @JsonSerialize(using = FiniteOrNull.class) double relativeL2,
        @JsonSerialize(using = FiniteOrNull.class) double maxAbs,
        double tolerance,
        boolean ok) {}
