/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.Subjects;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.operators.inference.training.Dropout;
import io.thalamus.operators.inference.training.LearnedWeights;
import io.thalamus.operators.inference.training.LearningNetwork;
import java.util.List;
import java.util.Map;

/**
 * Learns a {@link Lesson} by Adam with decay. What it makes of windows and how good it is, is told
 * by the network as it would be deployed.
 */
final class TrainableDuin extends LearningNetwork<TrainableDuin.Network> {
    private final DuinConfig config;
    private final Subjects subjects;
    private final Dropout dropout;
    private final Lesson lesson;
    private final Deployment deployment;

    /** A network that is deployed. */
    interface Network extends Deployed {
        /** The values of each window's output. */
        List<float[]> run(List<ModelInput> batch);

        /** The codes of all windows of the last run, patch by patch; none if it has no codes. */
        default int[] codes() {
            return new int[0];
        }
    }

    /** Deploys a network. */
    interface Deployment {
        Network of(Map<String, Tensor> weights);
    }

    TrainableDuin(
            DuinConfig config,
            Subjects subjects,
            LearnedWeights weights,
            Dropout dropout,
            Lesson lesson,
            Deployment deployment) {
        super(weights);
        this.config = config;
        this.subjects = subjects;
        this.dropout = dropout;
        this.lesson = lesson;
        this.deployment = deployment;
    }

    @Override
    public double learn(List<TrainingExample> batch, double learningRate) {
        weights.clearGradients();
        dropout.start(weights.steps());
        double loss = lesson.learn(Batch.of(batch, subjects, config), dropout);
        step(learningRate);
        return loss;
    }

    @Override
    public double loss(List<TrainingExample> batch) {
        return lesson.loss(Batch.of(batch, subjects, config), predict(batch));
    }

    @Override
    public List<float[]> predict(List<TrainingExample> batch) {
        return deployed().run(inputs(batch));
    }

    @Override
    public Assessment assess(List<TrainingExample> batch) {
        return new Assessment(loss(batch), deployed().codes());
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
    protected Network deploy() {
        return deployment.of(weights.copies());
    }

    @Override
    public void close() {
        super.close();
        lesson.close();
    }
}
