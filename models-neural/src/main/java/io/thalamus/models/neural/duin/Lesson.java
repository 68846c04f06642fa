/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.training.Dropout;
import java.util.List;

/** What one of the three networks learns. */
interface Lesson extends AutoCloseable {

    /**
     * Runs a batch forth and back: gradients are added to those of the weights, and what is
     * averaged is moved.
     *
     * @return the mean loss
     */
    double learn(Batch batch, Dropout dropout);

    /**
     * The mean loss of what the network as it would be deployed makes of a batch.
     *
     * @param results one of each signal
     */
    double loss(Batch batch, List<float[]> results);

    @Override
    void close();
}
