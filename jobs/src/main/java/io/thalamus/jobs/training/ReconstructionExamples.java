/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.schemas.SignalFrame;
import java.util.Optional;

/** A whole window itself. */
record ReconstructionExamples(int length) implements ExampleMaker {

    @Override
    public Optional<TrainingExample> at(SignalFrame stretch, int first, int draw) {
        SignalFrame window = stretch.slice(first, first + length);
        return ExampleMaker.isWhole(window.samples())
                ? Optional.of(new TrainingExample(window, window.samples()))
                : Optional.empty();
    }
}
