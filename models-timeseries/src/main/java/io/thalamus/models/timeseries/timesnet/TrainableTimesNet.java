/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.operators.inference.TrainingState;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Learns by Adam. Each window is folded along its own periods, as where the network is deployed.
 * What it makes of a window is in the units of the window, but logits for a classification.
 */
final class TrainableTimesNet implements TrainableModel {
    private static final String WEIGHT = "weight.";
    private static final String MEAN = "adam.mean.";
    private static final String SQUARE = "adam.square.";

    private final TimesNetConfig config;
    private final GraphEngine engine;
    private final Dropout dropout;
    private final Map<String, Tensor> weights;
    private final Map<String, Tensor> learned = new LinkedHashMap<>();
    private final Map<String, Tensor> gradients = new LinkedHashMap<>();
    private final WeightGradients sums;
    private final TrainedNetwork network;
    private final Adam adam;

    private long steps;

    /** The network as it would be deployed now; null until it is asked for. */
    private Network deployed;

    TrainableTimesNet(TimesNetConfig config, double dropoutRate, GraphEngine engine, long seed) {
        this.config = config;
        this.engine = engine;
        this.dropout = new Dropout(dropoutRate, seed);
        InitialWeights initial = new InitialWeights(seed);
        TimesNetWeights first = TimesNetWeights.of(initial, config);
        this.weights = initial.drawn();
        weights.forEach(
                (name, weight) -> {
                    if (InitialWeights.isLearned(name)) {
                        learned.put(name, weight);
                        gradients.put(name, Tensor.of(new float[weight.size()], weight.shape()));
                    }
                });
        this.adam = new Adam(learned);
        this.sums = WeightGradients.zeros(first);
        this.network = new TrainedNetwork(config, first, engine);
    }

    @Override
    public double learn(List<TrainingExample> batch, double learningRate) {
        double loss = differentiate(batch);
        steps++;
        adam.step(gradients, learningRate, steps);
        forgetDeployed();
        return loss;
    }

    /** The mean loss over a batch; its gradients are in {@link #gradients} afterwards. */
    private double differentiate(List<TrainingExample> batch) {
        check(batch);
        sums.clear();
        dropout.start(steps);
        double loss = network.run(batch, current(), dropout, sums);
        sums.tell(config, gradients);
        return loss;
    }

    /** The gradients of the last step's loss by the weights that are learned, by their names. */
    Map<String, Tensor> gradients() {
        return gradients;
    }

    private TimesNetWeights current() {
        return TimesNetWeights.of(NamedWeights.of(weights), config);
    }

    @Override
    public double loss(List<TrainingExample> batch) {
        return Loss.of(config.task()).of(batch, run(batch)).mean();
    }

    @Override
    public List<float[]> predict(List<TrainingExample> batch) {
        return Arrays.asList(run(batch));
    }

    private float[][] run(List<TrainingExample> batch) {
        check(batch);
        if (deployed == null) {
            deployed = new Network(config, current(), engine, Trace.off());
        }
        List<SignalFrame> windows = batch.stream().map(TrainingExample::window).toList();
        return deployed.run(
                windows.stream().map(SignalFrame::samples).toArray(float[][]::new),
                config.timeFeatures(windows),
                /* sharePeriods= */ false);
    }

    private void check(List<TrainingExample> batch) {
        if (batch.isEmpty()) {
            throw new IllegalArgumentException("a batch has at least one example");
        }
        for (TrainingExample example : batch) {
            SignalFrame window = example.window();
            if (window.channels().size() != config.channels()
                    || window.length() != config.inputLength()) {
                throw new IllegalArgumentException(
                        "windows of %d channels and %d samples are wanted, not of %d and %d"
                                .formatted(
                                        config.channels(),
                                        config.inputLength(),
                                        window.channels().size(),
                                        window.length()));
            }
        }
    }

    @Override
    public Map<String, Tensor> weights() {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        weights.forEach((name, weight) -> copies.put(name, copy(weight)));
        return copies;
    }

    private static Tensor copy(Tensor tensor) {
        return Tensor.of(Arrays.copyOf(tensor.data(), tensor.size()), tensor.shape());
    }

    @Override
    public TrainingState state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        kept().forEach((name, tensor) -> tensors.put(name, copy(tensor)));
        return new TrainingState(steps, tensors);
    }

    private Map<String, Tensor> kept() {
        Map<String, Tensor> kept = new LinkedHashMap<>();
        learned.forEach((name, tensor) -> kept.put(WEIGHT + name, tensor));
        adam.means().forEach((name, tensor) -> kept.put(MEAN + name, tensor));
        adam.squares().forEach((name, tensor) -> kept.put(SQUARE + name, tensor));
        return kept;
    }

    @Override
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
        forgetDeployed();
    }

    private static void requireSame(String name, Tensor wanted, Tensor found) {
        if (found == null || !Arrays.equals(wanted.shape(), found.shape())) {
            throw new InvalidInputException(
                    "the state is of another network: %s is %s where this one has a %s"
                            .formatted(name, found == null ? "missing" : found, wanted));
        }
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
        network.close();
    }
}
