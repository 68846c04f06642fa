/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.schemas.SignalFrame;
import java.util.Optional;

/** Makes an example of a place in a stretch. */
interface ExampleMaker {

    /**
     * The example whose window begins there; none if there is nothing to be learned from it.
     *
     * @param stretch standardised, and long enough from there on
     */
    Optional<TrainingExample> at(SignalFrame stretch, int first);

    /** Whether all values are there. */
    static boolean isWhole(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
