/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.schemas.SignalFrame;
import java.util.Optional;

/** What comes after a window, from windows that are whole and go on whole. */
record ForecastExamples(int length, int horizon) implements ExampleMaker {

    @Override
    public Optional<TrainingExample> at(SignalFrame stretch, int first, int draw) {
        int end = first + length;
        SignalFrame window = stretch.slice(first, end);
        float[] target = stretch.slice(end, end + horizon).samples();
        return ExampleMaker.isWhole(window.samples()) && ExampleMaker.isWhole(target)
                ? Optional.of(new TrainingExample(window, target))
                : Optional.empty();
    }
}
