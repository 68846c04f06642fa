/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.schemas.SignalFrame;
import java.util.Optional;
import java.util.OptionalInt;

/** The class of a whole window. */
record LabelledExamples(int length, Classes classes) implements ExampleMaker {

    @Override
    public Optional<TrainingExample> at(SignalFrame stretch, int first, int draw) {
        SignalFrame window = stretch.slice(first, first + length);
        OptionalInt label = classes.classOf(window);
        return label.isPresent() && ExampleMaker.isWhole(window.samples())
                ? Optional.of(new TrainingExample(window, new float[] {label.getAsInt()}))
                : Optional.empty();
    }
}
