/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.schemas.InvalidInputException;
import java.util.Optional;

/** Makes the models of one architecture. Found by {@link java.util.ServiceLoader}. */
public interface ModelFactory {

    /** The value of {@code architecture} in {@code config.json} that this factory answers to. */
    String architecture();

    /**
     * What the bundle's model wants and gives, from its configuration alone: no engine, no weights.
     *
     * @throws io.thalamus.schemas.InvalidInputException if the configuration is not usable
     */
    ModelSignature signature(ModelBundle bundle);

    /**
     * Reads the whole bundle as opening it would, without an engine.
     *
     * @throws io.thalamus.schemas.InvalidInputException if the bundle is not usable
     */
    void check(ModelBundle bundle);

    /**
     * Opens the bundle's model on an engine, for whatever streams may learn; the caller closes
     * both, the model first.
     *
     * @throws io.thalamus.schemas.InvalidInputException if the bundle is not usable
     */
    StreamModel open(ModelBundle bundle, GraphEngine engine);

    /**
     * The same for streams that learn by a rule, or by none: weights of the first layer that no
     * stream can have of its own are part of the network. Outputs are the same to the bit.
     */
    default StreamModel open(ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        return open(bundle, engine);
    }

    /** Whether the bundle's model gives the codes of its windows beside its results. */
    default boolean givesCodesToo(ModelBundle bundle) {
        return false;
    }

    /**
     * Reads what {@link #plasticity} would of the bundle, without an engine.
     *
     * @param settings of a rule that learns
     * @throws InvalidInputException if streams cannot learn by it, the bundle lacks what learning
     *     needs, or what a stream keeps would not fit the budgets
     */
    default void checkAdaptation(ModelBundle bundle, AdaptationSettings settings) {
        throw doNotLearn();
    }

    /**
     * How streams of the bundle's model learn at test time; the caller closes it before the engine.
     *
     * @param engine that of the model
     * @param settings of a rule that learns
     * @throws InvalidInputException as {@link #checkAdaptation}
     */
    default Plasticity plasticity(
            ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        throw doNotLearn();
    }

    private InvalidInputException doNotLearn() {
        return new InvalidInputException(
                "networks of the architecture %s do not learn at test time; remove adaptation"
                        .formatted(architecture()));
    }

    /**
     * Opens the same network to find out what signals inside it are like; the caller closes both,
     * this first.
     *
     * @throws InvalidInputException if learning at test time does not need it
     */
    default Calibration calibrate(ModelBundle bundle, GraphEngine engine) {
        throw new InvalidInputException(
                "networks of the architecture %s need no calibration".formatted(architecture()));
    }

    /** Opens the same network for the bundle's stored cases. */
    CaseRunner openCases(ModelBundle bundle, GraphEngine engine);

    /**
     * What a network that is to be trained takes, from its configuration alone; also of one that
     * runs on no streams.
     *
     * @throws io.thalamus.schemas.InvalidInputException if the configuration is not usable
     */
    default ModelSignature trainingSignature(ModelBundle draft) {
        return signature(draft);
    }

    /**
     * A new network to be trained, with random weights.
     *
     * @param draft the bundle that is to come of it
     * @param former the bundle that it goes on from, if the user names one
     * @param engine one that can train; the caller closes both, the model first
     * @param seed of the first weights and of every random choice later
     * @throws io.thalamus.schemas.InvalidInputException if the configuration is not usable, or
     *     networks of this architecture cannot be trained here
     */
    default TrainableModel train(
            ModelBundle draft, Optional<ModelBundle> former, GraphEngine engine, long seed) {
        throw draft.config().wrong("architecture", "one that can be trained here");
    }

    /**
     * How a network is made and trained for a task, unless the user says otherwise.
     *
     * @throws InvalidInputException if networks of this architecture cannot be trained for it here
     */
    default TrainingRecipe recipe(TrainingTask task) {
        throw new InvalidInputException(
                "networks of the architecture %s cannot be trained here".formatted(architecture()));
    }
}
