/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.List;

/**
 * Makes windows the sequences that the blocks work on: the circular convolution of the samples, the
 * code of each position, the map of the time features; and, for a forecast, the continuation of all
 * that past the window's end.
 */
final class Embedding implements AutoCloseable {
    private final TimesNetConfig config;
    private final Trace trace;
    private final EmbeddingInput input;
    private final CompiledSegment segment;
    private final OwnEmbedding own;
    private final Tensor embedded = Tensor.empty();

    /**
     * For windows of one size.
     *
     * @param normalisation brings the windows to the network's units
     */
    Embedding(
            TimesNetConfig config,
            Normalisation normalisation,
            TimesNetWeights weights,
            GraphEngine engine,
            Trace trace) {
        this.config = config;
        this.trace = trace;
        this.input = new EmbeddingInput(config, normalisation);
        this.segment = engine.compile(graph(), weights.tensors());
        this.own = new OwnEmbedding(config, weights, engine);
    }

    private TensorGraph graph() {
        TensorGraph graph = new TensorGraph("embedding");
        Node embedded = embedded(graph, graph.input("x"), config.width());
        graph.output(sequence(graph, embedded, config));
        if (trace.isOn() && config.task().forecasts()) {
            graph.output(embedded);
        }
        return graph;
    }

    /**
     * What samples and time features become. Linear maps are convolutions with one tap here: a
     * dense layer rounds differently when it has few rows, as a lone short or narrow window has.
     * The convolution with three taps does so unless its features come in whole blocks.
     *
     * @param x {@code [B, C + n, 1, S + 2]}, see {@link EmbeddingInput}
     * @param width features of a sample
     * @return {@code [B, S, D]}
     */
    static Node embedded(TensorGraph graph, Node x, int width) {
        Node e = graph.conv2d(x, graph.weight(TimesNetWeights.EMBEDDING), Conv2d.padded(0, 0));
        e = graph.transpose(e, 0, 3, 2, 1); // [B, S, 1, D in whole blocks]
        if (FoldConvolutions.wholeBlocks(width) > width) {
            e = graph.slice(e, 3, 0, width);
        }
        e = graph.reshape(e, 0, 0, -1);
        return graph.add(e, graph.weight(TimesNetWeights.POSITION));
    }

    /** What the blocks work on: the embedded samples, and for a forecast what comes behind them. */
    static Node sequence(TensorGraph graph, Node embedded, TimesNetConfig config) {
        return config.task().forecasts() ? continued(graph, embedded) : embedded;
    }

    /**
     * A forecast's sequences, which go on past the window's end.
     *
     * @param embedded {@code [B, S, D]}
     * @return {@code [B, T, D]}
     */
    static Node continued(TensorGraph graph, Node embedded) {
        Node longer =
                graph.conv2d(
                        graph.reshape(embedded, 0, 0, 1, -1),
                        graph.weight(TimesNetWeights.PREDICT_WEIGHT),
                        graph.weight(TimesNetWeights.PREDICT_BIAS),
                        Conv2d.padded(0, 0));
        return graph.reshape(longer, 0, 0, -1);
    }

    /**
     * Embeds a batch.
     *
     * @param windows {@code channels x inputLength} values each
     * @param timeFeatures for each window {@code inputLength x marks} features; none if the network
     *     is not told the time
     * @param sequence takes {@code [windows, length, width]}
     */
    void run(float[][] windows, float[][] timeFeatures, Tensor sequence) {
        run(input.take(windows, timeFeatures), sequence);
    }

    /** The same, each window by the weights that its stream has learned. */
    void run(
            float[][] windows, float[][] timeFeatures, List<FastWeights> learned, Tensor sequence) {
        Tensor x = input.take(windows, timeFeatures);
        run(x, sequence);
        for (int window = 0; window < windows.length; window++) {
            if (OwnEmbedding.isIn(learned.get(window))) {
                own.run(x, window, learned.get(window), sequence);
            }
        }
    }

    private void run(Tensor x, Tensor sequence) {
        boolean both = trace.isOn() && config.task().forecasts();
        segment.run(List.of(x), both ? List.of(sequence, embedded) : List.of(sequence));
        if (trace.isOn()) {
            trace.addSamplesFirst("stage.normalised", x, config.channels(), 1);
            trace.add("stage.embedding", both ? embedded : sequence);
            if (both) {
                trace.add("stage.predict_linear", sequence);
            }
        }
    }

    @Override
    public void close() {
        own.close();
        segment.close();
    }
}
