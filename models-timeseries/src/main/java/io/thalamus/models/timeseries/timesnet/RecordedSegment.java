/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainableSegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A graph of one output that a network runs through, and goes back through in reverse order. */
final class RecordedSegment implements AutoCloseable {
    private final TrainableSegment segment;
    private final Deque<TrainableSegment.Recording> runs = new ArrayDeque<>();

    RecordedSegment(TrainableSegment segment) {
        this.segment = segment;
    }

    /** Takes new weights, and forgets runs that were not gone back through. */
    void set(Map<String, Tensor> weights) {
        forget();
        segment.set(weights);
    }

    void forward(List<Tensor> inputs, Tensor output) {
        runs.push(segment.record(inputs, List.of(output)));
    }

    /** Goes back through the last run; see {@link TrainableSegment.Recording#backward}. */
    void backward(Tensor byOutput, List<Tensor> byInputs, Map<String, Tensor> byWeights) {
        try (TrainableSegment.Recording run = runs.pop()) {
            run.backward(List.of(byOutput), byInputs, byWeights);
        }
    }

    private void forget() {
        while (!runs.isEmpty()) {
            runs.pop().close();
        }
    }

    @Override
    public void close() {
        forget();
        segment.close();
    }
}
