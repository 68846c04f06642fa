/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.Map;

/**
 * A back end that runs {@link TensorGraph}s. An engine and what it compiles belong to one thread.
 */
public interface GraphEngine extends AutoCloseable {

    /** The engine's name, as {@code --engine} takes it. */
    String name();

    /**
     * Makes a graph ready to run.
     *
     * @param weights the values of the graph's weights, by name; more than the graph needs is fine
     * @throws io.thalamus.schemas.InvalidInputException if a weight is missing
     */
    CompiledSegment compile(TensorGraph graph, Map<String, Tensor> weights);

    @Override
    void close();
}
