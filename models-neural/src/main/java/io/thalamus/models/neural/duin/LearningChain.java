/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.Dropout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Segments each of which takes what the one before gives. A convolution begins each: the gradient
 * that it gives by its input may have a layout of the library's own, which other operations of a
 * graph cannot take.
 */
final class LearningChain implements AutoCloseable {
    private static final Tensor[] NONE = {};

    private final List<LearningSegment> segments = new ArrayList<>();

    LearningChain(List<DuinGraph> pieces, GraphEngine engine) {
        pieces.forEach(piece -> segments.add(new LearningSegment(piece, engine)));
    }

    /**
     * Runs a batch.
     *
     * @param first the inputs of the first segment
     * @param last inputs of the last besides what the one before gives
     */
    Tensor forward(Map<String, Tensor> weights, Dropout dropout, Tensor[] first, Tensor... last) {
        Tensor[] inputs = first;
        for (int i = 0; i < segments.size(); i++) {
            segments.get(i).forward(weights, dropout, inputs);
            Tensor[] besides = i + 2 == segments.size() ? last : NONE;
            inputs = with(segments.get(i).output(DuinGraphs.PIECE), besides);
        }
        return inputs[0];
    }

    private static Tensor[] with(Tensor one, Tensor... others) {
        Tensor[] all = new Tensor[others.length + 1];
        all[0] = one;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    /** Another output of one of the segments. */
    Tensor output(int segment, String name) {
        return segments.get(segment).output(name);
    }

    /** Goes back; takes the gradients by what {@link #forward} was given. */
    void backward(
            Tensor byResult, Map<String, Tensor> byWeights, Tensor[] byFirst, Tensor... byLast) {
        Tensor gradient = byResult;
        for (int i = segments.size() - 1; i >= 0; i--) {
            Tensor own = segments.get(i).byOutput(DuinGraphs.PIECE);
            System.arraycopy(gradient.data(), 0, own.data(), 0, own.size());
            gradient = Tensor.empty();
            Tensor[] besides = i == segments.size() - 1 ? byLast : NONE;
            segments.get(i).backward(byWeights, i == 0 ? byFirst : with(gradient, besides));
        }
    }

    @Override
    public void close() {
        segments.forEach(LearningSegment::close);
    }
}
