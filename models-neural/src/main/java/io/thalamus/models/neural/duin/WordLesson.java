/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.Dropout;
import io.thalamus.operators.inference.training.LearnedWeights;
import java.util.Arrays;
import java.util.List;

/**
 * Which word a signal is. The loss is the cross entropy of the softmax of what the network gives,
 * which lies between 0 and 1, as published; it stays far above 0.
 */
final class WordLesson implements Lesson {
    private final LearnedWeights weights;
    private final LearningFrontEnd front;
    private final LearningSegment words;
    private final Tensor byPatches = Tensor.empty();
    private final int count;

    WordLesson(DuinConfig config, LearnedWeights weights, DuinGraphs graphs, GraphEngine engine) {
        this.weights = weights;
        this.count = config.outputs();
        this.front = new LearningFrontEnd(config, weights, graphs, engine);
        this.words = new LearningSegment(graphs.words(config.patches()), engine);
    }

    @Override
    public double learn(Batch batch, Dropout dropout) {
        int[] classes = batch.classes(count);
        words.forward(weights.all(), dropout, front.forward(batch, dropout));
        Tensor output = words.output(DuinGraphs.WORDS);
        float[] given = Arrays.copyOf(output.data(), output.size());
        Losses.byScores(given, classes, words.byOutput(DuinGraphs.WORDS).data());
        words.backward(weights.gradients(), byPatches);
        front.backward(byPatches);
        return Losses.crossEntropy(given, classes);
    }

    @Override
    public double loss(Batch batch, List<float[]> results) {
        return Losses.crossEntropy(Losses.joined(results), batch.classes(count));
    }

    @Override
    public void close() {
        words.close();
        front.close();
    }
}
