/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.schemas.InvalidInputException;
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
     * @throws InvalidInputException if a weight is missing
     */
    CompiledSegment compile(TensorGraph graph, Map<String, Tensor> weights);

    /**
     * Makes a graph ready to learn with.
     *
     * @param weights as of {@link #compile}; copies of them, to begin with
     * @throws InvalidInputException if a weight is missing, or the engine knows no gradients
     */
    default TrainableSegment compileForTraining(TensorGraph graph, Map<String, Tensor> weights) {
        throw new InvalidInputException(
                "engine %s cannot train a network; engine %s can"
                        .formatted(name(), GraphEngines.DEFAULT));
    }

    @Override
    void close();
}
