/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.Dropout;
import java.util.Map;

/** A {@link Head}, forth and back. */
interface TrainedHead extends AutoCloseable {

    /** Takes the weights of the next batch. */
    void set(Map<String, Tensor> weights);

    /** The values for each window, as {@link Head#run}. */
    float[][] forward(Tensor sequence, Dropout dropout);

    /**
     * Goes back through the last batch.
     *
     * @param byValues gradients by the values
     * @param bySequence takes the gradient by the sequence
     * @param byWeights to which the gradients by the weights are added
     */
    void backward(float[][] byValues, Tensor bySequence, Map<String, Tensor> byWeights);

    @Override
    void close();
}
