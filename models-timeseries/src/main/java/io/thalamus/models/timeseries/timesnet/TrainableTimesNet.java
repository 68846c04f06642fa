/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.NamedWeights;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.operators.inference.training.Dropout;
import io.thalamus.operators.inference.training.LearnedWeights;
import io.thalamus.operators.inference.training.LearningNetwork;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Learns by Adam. Each window is folded along its own periods, as where the network is deployed.
 * What it makes of a window is in the units of the window, but logits for a classification.
 */
final class TrainableTimesNet extends LearningNetwork<Network> {
    private final TimesNetConfig config;
    private final GraphEngine engine;
    private final Dropout dropout;
    private final WeightGradients sums;
    private final TrainedNetwork network;

    TrainableTimesNet(TimesNetConfig config, double dropoutRate, GraphEngine engine, long seed) {
        this(config, new Dropout(dropoutRate, seed), engine, new InitialWeights(seed));
    }

    private TrainableTimesNet(
            TimesNetConfig config, Dropout dropout, GraphEngine engine, InitialWeights initial) {
        this(config, dropout, engine, TimesNetWeights.of(initial, config), initial.drawn());
    }

    private TrainableTimesNet(
            TimesNetConfig config,
            Dropout dropout,
            GraphEngine engine,
            TimesNetWeights first,
            Map<String, Tensor> drawn) {
        super(
                new LearnedWeights(
                        drawn,
                        drawn.keySet().stream().filter(InitialWeights::isLearned).toList(),
                        /* decay= */ 0));
        this.config = config;
        this.engine = engine;
        this.dropout = dropout;
        this.sums = WeightGradients.zeros(first);
        this.network = new TrainedNetwork(config, first, engine);
    }

    @Override
    public double learn(List<TrainingExample> batch, double learningRate) {
        double loss = differentiate(batch);
        step(learningRate);
        return loss;
    }

    /** The mean loss over a batch; its gradients are in {@link #gradients} afterwards. */
    private double differentiate(List<TrainingExample> batch) {
        check(batch);
        sums.clear();
        dropout.start(weights.steps());
        double loss = network.run(batch, current(), dropout, sums);
        sums.tell(config, weights.gradients());
        return loss;
    }

    private TimesNetWeights current() {
        return TimesNetWeights.of(NamedWeights.of(weights.all()), config);
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
        List<SignalFrame> windows = batch.stream().map(TrainingExample::window).toList();
        return deployed()
                .run(
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
    protected Network deploy() {
        return new Network(config, current(), engine, Trace.off());
    }

    @Override
    public void close() {
        super.close();
        network.close();
    }
}
