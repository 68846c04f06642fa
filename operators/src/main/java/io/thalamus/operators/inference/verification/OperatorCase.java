/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import java.util.Map;

/** Recomputes what an operator gives for the inputs of a stored case, in float64. */
interface OperatorCase {

    /**
     * Runs one case.
     *
     * @param config says how, under {@code parameters}
     * @param inputs the case's inputs by their names; signals are {@code channels x samples}, or
     *     {@code samples} alone
     * @return every tensor that can be produced, by the names of the stored ones
     * @throws io.thalamus.schemas.InvalidInputException if a parameter is not what it must be
     */
    Map<String, CaseTensor> run(BundleConfig config, Map<String, CaseTensor> inputs);
}
