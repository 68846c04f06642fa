/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.operators.inference.training.Dropout;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Map;

/** A {@link Network}, forth and back: the loss of a batch and its gradient by the weights. */
final class TrainedNetwork implements AutoCloseable {
    private final TimesNetConfig config;
    private final EmbeddingInput input;
    private final RecordedSegment embedding;
    private final TrainedEncoder encoder;
    private final TrainedHead head;

    private final Tensor kept = Tensor.empty();
    private final Tensor sequence = Tensor.empty();
    private final Tensor unused = Tensor.empty();

    TrainedNetwork(TimesNetConfig config, TimesNetWeights weights, GraphEngine engine) {
        this.config = config;
        Normalisation normalisation = Network.normalisation(config);
        Map<String, Tensor> tensors = weights.tensors();
        this.input = new EmbeddingInput(config, normalisation);
        this.embedding = new RecordedSegment(engine.compileForTraining(embeddingGraph(), tensors));
        this.encoder = new TrainedEncoder(config, weights, engine);
        this.head =
                config.task().classifies()
                        ? new TrainedClassHead(weights, engine)
                        : new TrainedSampleHead(config, normalisation, weights, engine);
    }

    /** With dropout after the embedding. */
    private TensorGraph embeddingGraph() {
        TensorGraph graph = new TensorGraph("embedding");
        Node embedded = Embedding.embedded(graph, graph.input("x"), config.width());
        Node kept = graph.multiply(embedded, graph.input("kept")); // [B, S, D]
        graph.output(config.task().forecasts() ? Embedding.continued(graph, kept) : kept);
        return graph;
    }

    /**
     * The mean loss over a batch.
     *
     * @param sums to which the gradients by the weights are added
     */
    double run(
            List<TrainingExample> batch,
            TimesNetWeights weights,
            Dropout dropout,
            WeightGradients sums) {
        set(weights);
        float[][] values = forward(batch, dropout);
        Loss.Value loss = Loss.of(config.task()).of(batch, values);
        backward(loss.gradients(), sums);
        return loss.mean();
    }

    private void set(TimesNetWeights weights) {
        embedding.set(weights.tensors());
        encoder.set(weights);
        head.set(weights.tensors());
    }

    private float[][] forward(List<TrainingExample> batch, Dropout dropout) {
        List<SignalFrame> windows = batch.stream().map(TrainingExample::window).toList();
        float[][] samples = windows.stream().map(SignalFrame::samples).toArray(float[][]::new);
        dropout.draw(kept.reshape(samples.length, config.inputLength(), config.width()));
        Tensor x = input.take(samples, config.timeFeatures(windows));
        embedding.forward(List.of(x, kept), sequence);
        encoder.forward(sequence);
        return head.forward(sequence, dropout);
    }

    private void backward(float[][] byValues, WeightGradients sums) {
        head.backward(byValues, sequence, sums.tensors());
        encoder.backward(sequence, sums);
        embedding.backward(sequence, List.of(unused, kept), sums.tensors());
    }

    @Override
    public void close() {
        head.close();
        encoder.close();
        embedding.close();
    }
}
