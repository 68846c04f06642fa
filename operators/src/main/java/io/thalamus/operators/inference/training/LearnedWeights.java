/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.training;

import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainingState;
import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The weights of a network that learns, changed in place; the gradients by those that the optimiser
 * moves; and what the optimiser keeps of them.
 */
public final class LearnedWeights {
    private static final String WEIGHT = "weight.";
    private static final String MEAN = "adam.mean.";
    private static final String SQUARE = "adam.square.";

    private final Map<String, Tensor> all;
    private final Map<String, Tensor> gradients = new LinkedHashMap<>();
    private final Adam adam;
    private long steps;

    /**
     * Weights to begin with.
     *
     * @param all by name: also running statistics and tables, which no gradient moves
     * @param moved the names of those that gradients move
     * @param decay by how much matrices shrink at each step, as a share of the rate
     */
    public LearnedWeights(Map<String, Tensor> all, Collection<String> moved, double decay) {
        this.all = all;
        Map<String, Tensor> learned = new LinkedHashMap<>();
        for (String name : moved) {
            Tensor weight = all.get(name);
            learned.put(name, weight);
            gradients.put(name, Tensor.of(new float[weight.size()], weight.shape()));
        }
        this.adam = new Adam(learned, decay);
    }

    /** The weights themselves, by name. */
    public Map<String, Tensor> all() {
        return all;
    }

    /** The gradients of the next step, to be filled, by the names of the weights that move. */
    public Map<String, Tensor> gradients() {
        return gradients;
    }

    /** Begins new sums of gradients. */
    public void clearGradients() {
        gradients.values().forEach(gradient -> Arrays.fill(gradient.data(), 0));
    }

    /** How many steps there were. */
    public long steps() {
        return steps;
    }

    /** Moves the weights against their gradients. */
    public void step(double rate) {
        steps++;
        adam.step(gradients, rate, steps);
    }

    /** Copies of the weights. */
    public Map<String, Tensor> copies() {
        return copies(all);
    }

    private static Map<String, Tensor> copies(Map<String, Tensor> tensors) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        tensors.forEach(
                (name, tensor) ->
                        copies.put(
                                name,
                                Tensor.of(
                                        Arrays.copyOf(tensor.data(), tensor.size()),
                                        tensor.shape())));
        return copies;
    }

    /** A copy of all that must be kept to go on later. */
    public TrainingState state() {
        return new TrainingState(steps, copies(kept()));
    }

    private Map<String, Tensor> kept() {
        Map<String, Tensor> kept = new LinkedHashMap<>();
        all.forEach((name, tensor) -> kept.put(WEIGHT + name, tensor));
        adam.means().forEach((name, tensor) -> kept.put(MEAN + name, tensor));
        adam.squares().forEach((name, tensor) -> kept.put(SQUARE + name, tensor));
        return kept;
    }

    /**
     * Goes on from a state.
     *
     * @throws InvalidInputException if it is of other weights
     */
    public void restore(TrainingState state) {
        Map<String, Tensor> kept = kept();
        kept.forEach((name, tensor) -> requireSame(name, tensor, state.tensors().get(name)));
        kept.forEach(
                (name, tensor) ->
                        System.arraycopy(
                                state.tensors().get(name).data(),
                                0,
                                tensor.data(),
                                0,
                                tensor.size()));
        steps = state.steps();
    }

    private static void requireSame(String name, Tensor wanted, Tensor found) {
        if (found == null || !Arrays.equals(wanted.shape(), found.shape())) {
            throw new InvalidInputException(
                    "the state is of another network: %s is %s where this one has a %s"
                            .formatted(name, found == null ? "missing" : found, wanted));
        }
    }
}
