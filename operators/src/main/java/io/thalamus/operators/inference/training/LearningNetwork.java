/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.training;

import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingState;
import java.util.Map;

/**
 * A network that learns by {@link LearnedWeights}, and tells what it makes of windows as it would
 * be deployed: with the weights of the last step, opened anew when it is asked for after one.
 *
 * @param <D> the network as it would be deployed
 */
public abstract class LearningNetwork<D extends LearningNetwork.Deployed>
        implements TrainableModel {
    protected final LearnedWeights weights;

    /** Null until it is asked for. */
    private D deployed;

    /** A network with the weights that it had when it was opened. */
    public interface Deployed extends AutoCloseable {
        @Override
        void close();
    }

    protected LearningNetwork(LearnedWeights weights) {
        this.weights = weights;
    }

    /** Opens a network with the weights as they are. */
    protected abstract D deploy();

    /** The network as it would be deployed now. */
    protected final D deployed() {
        if (deployed == null) {
            deployed = deploy();
        }
        return deployed;
    }

    /** Moves the weights against their gradients. */
    protected final void step(double learningRate) {
        weights.step(learningRate);
        forgetDeployed();
    }

    /** The gradients of the last step's loss by the weights that are learned, by their names. */
    public final Map<String, Tensor> gradients() {
        return weights.gradients();
    }

    @Override
    public final Map<String, Tensor> weights() {
        return weights.copies();
    }

    @Override
    public final TrainingState state() {
        return weights.state();
    }

    @Override
    public final void restore(TrainingState state) {
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
    }
}
