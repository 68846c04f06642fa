/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.NamedWeights;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.Dropout;
import io.thalamus.operators.inference.training.LearnedWeights;
import java.util.Arrays;
import java.util.Map;

/**
 * Patch embeddings of a batch, forth and back. Each batch moves the running statistics by which a
 * network that serves normalises.
 */
final class LearningFrontEnd implements AutoCloseable {
    private static final double MOMENTUM = 0.1;
    private static final String BLOCK = "subj_block.subj_layer.";

    private final DuinConfig config;
    private final LearnedWeights weights;
    private final LearningChain chain;
    private final Tensor bySignals = Tensor.empty();
    private final Tensor byMatrices = Tensor.empty();
    private Projections projections;
    private Batch batch;

    LearningFrontEnd(
            DuinConfig config, LearnedWeights weights, DuinGraphs graphs, GraphEngine engine) {
        this.config = config;
        this.weights = weights;
        this.chain = new LearningChain(graphs.patchPieces(config.patches()), engine);
    }

    /** The patch embeddings, {@code [B, patches, token]}. */
    Tensor forward(Batch next, Dropout dropout) {
        batch = next;
        projections =
                Projections.in(
                        config, new DuinWeights(NamedWeights.of(weights.all()), "the training"));
        FrontInput input = new FrontInput(projections);
        input.resize(batch.size(), config.length());
        for (int i = 0; i < batch.size(); i++) {
            input.set(i, batch.samples(i), batch.subjects()[i]);
        }
        return chain.forward(
                weights.all(), dropout, new Tensor[] {input.signals(), input.matrices()});
    }

    /** Goes back, and moves the running statistics. */
    void backward(Tensor byPatches) {
        Map<String, Tensor> gradients = weights.gradients();
        chain.backward(byPatches, gradients, new Tensor[] {bySignals, byMatrices});
        int row = projections.inputs() + 1;
        int size = projections.outputs() * row;
        for (int i = 0; i < batch.size(); i++) {
            projections.addGradients(
                    batch.subjects()[i],
                    byMatrices.data(),
                    i * size,
                    row,
                    byMatrices.data(),
                    i * size + row - 1,
                    row,
                    gradients.get(BLOCK + "W.weight"),
                    gradients.get(BLOCK + "B.weight"));
        }
        moveStatistics();
    }

    private void moveStatistics() {
        int length = config.patch();
        for (int i = 0; i < config.layers().size(); i++) {
            DuinConfig.Layer layer = config.layers().get(i);
            length = TimeKernel.steps(layer, length);
            if (layer.normalised()) {
                String name = "tokenizer.conv_blocks." + i + ".1.1.";
                double count = (double) batch.size() * config.patches() * length;
                move(i, name + "running_mean", 1);
                move(i, name + "running_var", count / (count - 1));
            }
        }
    }

    private void move(int layer, String name, double factor) {
        float[] running = weights.all().get(name).data();
        float[] now = Arrays.copyOf(chain.output(layer + 1, name).data(), running.length);
        for (int i = 0; i < running.length; i++) {
            running[i] = (float) ((1 - MOMENTUM) * running[i] + MOMENTUM * factor * now[i]);
        }
    }

    @Override
    public void close() {
        chain.close();
    }
}
