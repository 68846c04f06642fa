/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import java.util.function.BooleanSupplier;

/** A training is left where it can be gone on with, because that was asked for. */
final class StoppedException extends RuntimeException {
    /**
     * @throws StoppedException if it is to stop
     */
    static void throwIf(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new StoppedException();
        }
    }
}
