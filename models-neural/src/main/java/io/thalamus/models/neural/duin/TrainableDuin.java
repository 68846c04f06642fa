/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.Subjects;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.operators.inference.TrainingState;
import io.thalamus.operators.inference.training.Dropout;
import io.thalamus.operators.inference.training.LearnedWeights;
import java.util.List;
import java.util.Map;

/**
 * Learns a {@link Lesson} by Adam with decay. What it makes of windows and how good it is, is told
 * by the network as it would be deployed.
 */
final class TrainableDuin implements TrainableModel {
    private final DuinConfig config;
    private final Subjects subjects;
    private final LearnedWeights weights;
    private final Dropout dropout;
    private final Lesson lesson;
    private final Deployment deployment;

    /** The network as it would be deployed now; null until it is asked for. */
    private Deployed deployed;

    /** A network that is deployed. */
    interface Deployed extends AutoCloseable {
        /** The values of each window's output. */
        List<float[]> run(List<ModelInput> batch);

        @Override
        void close();
    }

    /** Deploys a network. */
    interface Deployment {
        Deployed of(Map<String, Tensor> weights);
    }

    TrainableDuin(
            DuinConfig config,
            Subjects subjects,
            LearnedWeights weights,
            Dropout dropout,
            Lesson lesson,
            Deployment deployment) {
        this.config = config;
        this.subjects = subjects;
        this.weights = weights;
        this.dropout = dropout;
        this.lesson = lesson;
        this.deployment = deployment;
    }

    @Override
    public double learn(List<TrainingExample> batch, double learningRate) {
        weights.clearGradients();
        dropout.start(weights.steps());
        double loss = lesson.learn(Batch.of(batch, subjects, config), dropout);
        weights.step(learningRate);
        forgetDeployed();
        return loss;
    }

    /** The gradients of the last step's loss by the weights that gradients move. */
    Map<String, Tensor> gradients() {
        return weights.gradients();
    }

    @Override
    public double loss(List<TrainingExample> batch) {
        return lesson.loss(Batch.of(batch, subjects, config), predict(batch));
    }

    @Override
    public List<float[]> predict(List<TrainingExample> batch) {
        if (deployed == null) {
            deployed = deployment.of(weights.copies());
        }
        return deployed.run(inputs(batch));
    }

    static List<ModelInput> inputs(List<TrainingExample> batch) {
        return batch.stream()
                .map(
                        example ->
                                new ModelInput(
                                        example.window(), CarriedState.empty(), FastWeights.none()))
                .toList();
    }

    @Override
    public Map<String, Tensor> weights() {
        return weights.copies();
    }

    @Override
    public TrainingState state() {
        return weights.state();
    }

    @Override
    public void restore(TrainingState state) {
        weights.restore(state);
        forgetDeployed();
    }

    private void forgetDeployed() {
        if (deployed != null) {
            deployed.close();
            deployed = null;
        }
    }

    @Override
    public void close() {
        forgetDeployed();
        lesson.close();
    }
}
