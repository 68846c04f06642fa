/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.Map;

/**
 * All that a training must keep to go on as if it had not been interrupted, to the bit.
 *
 * @param steps batches learned from so far; with the seed it stands for the state of every random
 *     choice
 * @param tensors the weights, and what the optimiser keeps of each
 */
public record TrainingState(long steps, Map<String, Tensor> tensors) {
    public TrainingState {
        tensors = Map.copyOf(tensors);
    }
}
