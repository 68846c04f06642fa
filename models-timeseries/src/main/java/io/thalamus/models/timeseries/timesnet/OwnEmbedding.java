/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.List;

/**
 * The embedding of one window by token weights that its stream has learned: what they differ from
 * the bundle's is an input of the graph. One window at a time, so that no other has a say in how it
 * is rounded; compiled when first needed.
 */
final class OwnEmbedding implements AutoCloseable {
    private static final int TAPS = TimesNetWeights.TOKEN_TAPS;

    private final TimesNetConfig config;
    private final TimesNetWeights weights;
    private final GraphEngine engine;
    private final Tensor input = Tensor.empty();
    private final Tensor seen = Tensor.empty();
    private final Tensor change = Tensor.empty();
    private final Tensor result = Tensor.empty();

    /** Null until there is a window for it. */
    private CompiledSegment segment;

    OwnEmbedding(TimesNetConfig config, TimesNetWeights weights, GraphEngine engine) {
        this.config = config;
        this.weights = weights;
        this.engine = engine;
    }

    /** Whether a stream has learned token weights of its own. */
    static boolean isIn(FastWeights learned) {
        return learned.deltas().containsKey(TimesNetWeights.TOKEN);
    }

    private TensorGraph graph() {
        TensorGraph graph = new TensorGraph("own-embedding");
        Node bundles = Embedding.embedded(graph, graph.input("x"), config.width());
        Node more = // [1, S, D]
                graph.matMul(
                        graph.input("seen"), // [1, C x taps, S]
                        graph.input("change"), // [1, D, C x taps]
                        /* transposeA= */ true,
                        /* transposeB= */ true);
        graph.output(Embedding.sequence(graph, graph.add(bundles, more), config));
        return graph;
    }

    /**
     * Embeds a window once more.
     *
     * @param x a batch, as {@link EmbeddingInput} lays it out
     * @param window which of it
     * @param learned by the window's stream
     * @param sequence {@code [windows, length, width]}; takes the window's
     */
    void run(Tensor x, int window, FastWeights learned, Tensor sequence) {
        if (segment == null) {
            segment = engine.compile(graph(), weights.tensors());
        }
        int channels = config.channels();
        int length = config.inputLength();
        int size = x.size() / x.dimension(0);
        input.reshape(1, x.dimension(1), 1, x.dimension(3));
        System.arraycopy(x.data(), window * size, input.data(), 0, size);
        seen.reshape(1, channels * TAPS, length);
        for (int row = 0; row < channels * TAPS; row++) {
            int from = row / TAPS * x.dimension(3) + row % TAPS;
            System.arraycopy(input.data(), from, seen.data(), row * length, length);
        }
        float[] delta = learned.deltas().get(TimesNetWeights.TOKEN);
        change.reshape(1, config.width(), channels * TAPS);
        System.arraycopy(delta, 0, change.data(), 0, delta.length);
        segment.run(List.of(input, seen, change), List.of(result));
        System.arraycopy(result.data(), 0, sequence.data(), window * result.size(), result.size());
    }

    @Override
    public void close() {
        if (segment != null) {
            segment.close();
        }
    }
}
