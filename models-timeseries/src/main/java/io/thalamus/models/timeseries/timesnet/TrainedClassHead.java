/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.Dropout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A {@link ClassHead}, forth and back. Of windows that are learned from no sample is padding, so
 * that dropout takes its place.
 */
final class TrainedClassHead implements TrainedHead {
    private final RecordedSegment projection;
    private final Tensor kept = Tensor.empty();
    private final Tensor byKept = Tensor.empty();
    private final Tensor logits = Tensor.empty();
    private final Tensor byLogits = Tensor.empty();

    TrainedClassHead(TimesNetWeights weights, GraphEngine engine) {
        this.projection =
                new RecordedSegment(
                        engine.compileForTraining(ClassHead.graph(), weights.tensors()));
    }

    @Override
    public void set(Map<String, Tensor> weights) {
        projection.set(weights);
    }

    @Override
    public float[][] forward(Tensor sequence, Dropout dropout) {
        dropout.draw(kept.reshape(sequence.shape()));
        projection.forward(List.of(sequence, kept), logits);
        int classes = logits.dimension(1);
        float[][] values = new float[logits.dimension(0)][];
        for (int window = 0; window < values.length; window++) {
            int from = window * classes;
            values[window] = Arrays.copyOfRange(logits.data(), from, from + classes);
        }
        return values;
    }

    @Override
    public void backward(float[][] byValues, Tensor bySequence, Map<String, Tensor> byWeights) {
        byLogits.reshape(logits.shape());
        int classes = logits.dimension(1);
        for (int window = 0; window < byValues.length; window++) {
            System.arraycopy(byValues[window], 0, byLogits.data(), window * classes, classes);
        }
        projection.backward(byLogits, List.of(bySequence, byKept), byWeights);
    }

    @Override
    public void close() {
        projection.close();
    }
}
