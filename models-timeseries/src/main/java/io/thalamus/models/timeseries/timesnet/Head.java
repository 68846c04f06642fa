/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.Tensor;

/** The end of a network: what it makes of the encoded sequences. */
interface Head extends AutoCloseable {

    /**
     * Finishes a batch.
     *
     * @param sequence {@code [windows, length, width]}
     * @param marks as of {@link Network#run}
     * @return the values for each window
     */
    float[][] run(Tensor sequence, float[][] marks);

    @Override
    void close();
}
