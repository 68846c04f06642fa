/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.schemas.SignalFrame;
import java.util.Map;

/** Recomputes the tensors of stored cases, so that they can be compared with the reference. */
public interface CaseRunner extends AutoCloseable {

    /**
     * Runs one case.
     *
     * @param description the case's entry under {@code cases} in {@code config.json}
     * @param inputs the case's inputs, by the names that {@code inputs} in {@code config.json}
     *     lists; absent ones were not stored
     * @return every tensor that can be produced, by the names of the stored ones
     */
    Map<String, CaseTensor> run(JsonNode description, Map<String, CaseTensor> inputs);

    /**
     * Makes a case of a window.
     *
     * @return its inputs, by the names that {@code inputs} in {@code config.json} lists, and the
     *     network's output
     */
    Map<String, CaseTensor> record(SignalFrame window);

    @Override
    void close();
}
