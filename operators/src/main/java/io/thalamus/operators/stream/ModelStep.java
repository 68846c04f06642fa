/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.Slicing;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.WireRecord;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a step runs a model on.
 *
 * @param id the step's id, which dead letters name
 * @param handle of the model
 * @param result the result of the model's signature
 * @param slicing how the windows are cut
 * @param batchSize the most windows in one call of the network
 * @param batchDelay the longest that a window waits for others
 * @param <R> the record that comes of a window
 */
public record ModelStep<R extends WireRecord>(
        String id,
        ModelHandle handle,
        Class<R> result,
        Slicing slicing,
        int batchSize,
        Duration batchDelay)
        implements Serializable {

    public ModelStep {
        if (batchSize < 1) {
            throw new InvalidInputException(
                    "model: batch size is %d; give at least 1 window".formatted(batchSize));
        }
        if (batchDelay.isNegative()) {
            throw new InvalidInputException(
                    "model: batch delay is %s; give a time, or 0".formatted(batchDelay));
        }
    }
}
