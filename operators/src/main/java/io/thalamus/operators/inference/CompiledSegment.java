/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.List;

/** A tensor graph with its weights, ready to run. Used by one thread at a time. */
public interface CompiledSegment extends AutoCloseable {

    /**
     * Runs the graph. Shapes are checked against every operation before the engine sees them.
     *
     * @param inputs one tensor for each of the graph's inputs, in their order
     * @param outputs one tensor for each of the graph's outputs, in their order; they take the
     *     shapes of the results, and are the caller's to use again
     */
    void run(List<Tensor> inputs, List<Tensor> outputs);

    @Override
    void close();
}
