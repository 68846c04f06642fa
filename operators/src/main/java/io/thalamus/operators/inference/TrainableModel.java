/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.List;
import java.util.Map;

/**
 * A network that learns from examples. The same configuration, seed and batches in the same order
 * give the same weights, to the bit. Used by one thread.
 */
public interface TrainableModel extends AutoCloseable {

    /**
     * Learns from a batch: one step of the optimiser against the gradient of its mean loss.
     *
     * @param learningRate of this step
     * @return the mean loss before the step
     */
    double learn(List<TrainingExample> batch, double learningRate);

    /** The mean loss over a batch of the network as it would be deployed now: without dropout. */
    double loss(List<TrainingExample> batch);

    /** What the network as it would be deployed now makes of each window: its output's values. */
    List<float[]> predict(List<TrainingExample> batch);

    /**
     * What a batch tells of a network.
     *
     * @param loss the mean over the batch
     * @param codes by which all windows are told, one behind the other; none if the network does
     *     not tell windows by codes
     */
    record Assessment(double loss, int[] codes) {}

    /** The {@link #loss}, and the codes of the same run. */
    default Assessment assess(List<TrainingExample> batch) {
        return new Assessment(loss(batch), new int[0]);
    }

    /** Copies of the weights, as {@code weights.safetensors} names them. */
    Map<String, Tensor> weights();

    /** A copy of all that must be kept to go on later. */
    TrainingState state();

    /**
     * Goes on from where a training of the same configuration and seed was.
     *
     * @throws io.thalamus.schemas.InvalidInputException if it is not of this network
     */
    void restore(TrainingState state);

    @Override
    void close();
}
