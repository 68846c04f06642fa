/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An {@link Encoder}, forth and back. */
final class TrainedEncoder implements AutoCloseable {
    private final List<TrainedBlock> blocks = new ArrayList<>();
    private final RecordedSegment norm;
    private final Tensor between = Tensor.empty();

    TrainedEncoder(TimesNetConfig config, TimesNetWeights weights, GraphEngine engine) {
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(new TrainedBlock(config, "block" + layer, engine));
        }
        this.norm =
                new RecordedSegment(
                        engine.compileForTraining(Encoder.norm(config), weights.tensors()));
        set(weights);
    }

    /** Takes the weights of the next batch. */
    void set(TimesNetWeights weights) {
        norm.set(weights.tensors());
        for (int layer = 0; layer < blocks.size(); layer++) {
            blocks.get(layer).set(weights.inceptions().get(layer));
        }
    }

    /**
     * Runs all blocks.
     *
     * @param sequence {@code [windows, length, width]}, replaced by the result
     */
    void forward(Tensor sequence) {
        for (TrainedBlock block : blocks) {
            block.forward(sequence, between);
            norm.forward(List.of(between), sequence);
        }
    }

    /**
     * Goes back through the last batch.
     *
     * @param bySequence the gradient by the result, replaced by that by what it was made of
     * @param sums to which the gradients by the weights are added
     */
    void backward(Tensor bySequence, WeightGradients sums) {
        for (int layer = blocks.size() - 1; layer >= 0; layer--) {
            norm.backward(bySequence, List.of(between), sums.tensors());
            blocks.get(layer).backward(between, bySequence, sums.inceptions().get(layer));
        }
    }

    /** The same without the gradients by the weights. */
    void backward(Tensor bySequence) {
        for (int layer = blocks.size() - 1; layer >= 0; layer--) {
            norm.backward(bySequence, List.of(between), Map.of());
            blocks.get(layer).backward(between, bySequence);
        }
    }

    @Override
    public void close() {
        norm.close();
        blocks.forEach(TrainedBlock::close);
    }
}
