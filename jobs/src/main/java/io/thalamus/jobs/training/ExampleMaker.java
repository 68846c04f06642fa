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
     * @param draw what is left to chance is the same whenever this is: the number of the epoch, or
     *     0 for what is always to be the same. Whether there is an example does not depend on it.
     */
    Optional<TrainingExample> at(SignalFrame stretch, int first, int draw);

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
