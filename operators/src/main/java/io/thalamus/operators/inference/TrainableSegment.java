/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.List;
import java.util.Map;

/**
 * A tensor graph whose gradients can be had, and whose weights can be set anew. Used by one thread
 * at a time.
 */
public interface TrainableSegment extends AutoCloseable {

    /**
     * Sets weights anew, for runs from here on. Not while there are recordings that have not been
     * gone back through.
     *
     * @param weights values of the shapes that the graph was compiled with, by name; others than
     *     the graph's are let lie, and a weight that is not named stays as it is
     */
    void set(Map<String, Tensor> weights);

    /**
     * Runs the graph as {@link CompiledSegment#run} does, and keeps what its gradients need. There
     * may be many recordings at once.
     */
    Recording record(List<Tensor> inputs, List<Tensor> outputs);

    @Override
    void close();

    /** A run that can be gone back through, once. */
    interface Recording extends AutoCloseable {

        /**
         * Computes the gradients of a sum that depends on the run's outputs.
         *
         * @param outputGradients of the sum by each output, in the order and the shapes of the
         *     outputs
         * @param inputGradients take the gradients by each input, in their order
         * @param weightGradients the gradients by weights are added to these tensors, by name;
         *     those of weights that are not named are not handed out
         */
        void backward(
                List<Tensor> outputGradients,
                List<Tensor> inputGradients,
                Map<String, Tensor> weightGradients);

        /** Lets go of what was kept. */
        @Override
        void close();
    }
}
