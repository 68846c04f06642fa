/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.Dropout;
import io.thalamus.operators.inference.training.LearnedWeights;
import java.util.Arrays;
import java.util.List;

/**
 * Which code each patch has that is hidden, told from the others; all patches of a signal are
 * hidden in one of two runs. The loss is the mean cross entropy over all of them.
 */
final class MaskLesson implements Lesson {
    private final DuinConfig config;
    private final LearnedWeights weights;
    private final LearningFrontEnd front;
    private final LearningSegment masked;
    private final Teacher teacher;
    private final Masks masks;
    private final Tensor byPatches = Tensor.empty();
    private final Tensor byMask = Tensor.empty();

    /** Tells the codes that are right. */
    interface Teacher extends AutoCloseable {
        /** Of all patches, signal by signal. */
        int[] codes(Batch batch);

        @Override
        void close();
    }

    /** Says what is hidden first. */
    interface Masks {
        /** Of each patch, signal by signal, in a step: 1 where it is. */
        float[] draw(int signals, long step);
    }

    MaskLesson(
            DuinConfig config,
            LearnedWeights weights,
            DuinGraphs graphs,
            GraphEngine engine,
            Teacher teacher,
            Masks masks) {
        this.config = config;
        this.weights = weights;
        this.front = new LearningFrontEnd(config, weights, graphs, engine);
        this.masked = new LearningSegment(graphs.masked(config.patches()), engine);
        this.teacher = teacher;
        this.masks = masks;
    }

    @Override
    public double learn(Batch batch, Dropout dropout) {
        int[] codes = teacher.codes(batch);
        float[] hidden = masks.draw(batch.size(), weights.steps());
        Tensor mask = Tensor.of(hidden, batch.size(), config.patches(), 1);
        masked.forward(weights.all(), dropout, front.forward(batch, dropout), mask);
        Tensor output = masked.output(DuinGraphs.PREDICTED_CODES);
        float[] scores = Arrays.copyOf(output.data(), output.size());
        Losses.byScores(scores, codes, masked.byOutput(DuinGraphs.PREDICTED_CODES).data());
        masked.backward(weights.gradients(), byPatches, byMask);
        front.backward(byPatches);
        return Losses.crossEntropy(scores, codes);
    }

    @Override
    public double loss(Batch batch, List<float[]> results) {
        return Losses.crossEntropy(Losses.joined(results), teacher.codes(batch));
    }

    @Override
    public void close() {
        masked.close();
        front.close();
        teacher.close();
    }
}
