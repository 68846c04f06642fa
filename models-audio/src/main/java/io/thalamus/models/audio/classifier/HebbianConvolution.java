/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A convolution that learns by the soft Hebbian rule with a temperature of 1, raw competition and
 * unit norms (equations 2.1 to 2.3 and 2.5 of {@link
 * io.thalamus.operators.adaptation.HebbianLayer}), then runs with what it has learned, as products
 * of matrices on an engine: a batch of one stream in one call.
 */
final class HebbianConvolution implements AutoCloseable {
    private final FirstLayer layer;
    private final int windows;
    private final CompiledSegment segment;
    private final Tensor weights = Tensor.empty();
    private final Tensor columns = Tensor.empty();
    private final Tensor learned = Tensor.empty();
    private final Tensor responses = Tensor.empty();
    private final Tensor maps = Tensor.empty();

    /**
     * For batches of one size.
     *
     * @param rate how far the weights move
     */
    HebbianConvolution(GraphEngine engine, FirstLayer layer, int windows, double rate) {
        this.layer = layer;
        this.windows = windows;
        int count = windows * layer.columns().steps();
        float[] ones = new float[layer.columns().size()];
        Arrays.fill(ones, 1);
        TensorGraph graph = new TensorGraph("hebbian-layer");
        Node w = graph.input("weights"); // [1, K, D]
        Node x = graph.input("columns"); // [1, D, N]
        Node u = graph.matMul(x, w, /* transposeA= */ true, /* transposeB= */ true); // [1, N, K]
        Node y = graph.softmax(u);
        Node seen = graph.matMul(y, x, /* transposeA= */ true, /* transposeB= */ true);
        // sum over n of y u, as u = x w: the sum over inputs of w y x
        Node won = graph.matMul(graph.multiply(w, seen), graph.weight("ones"), false, false);
        Node change = graph.subtract(seen, graph.multiply(w, won));
        Node after = graph.add(w, graph.scale(change, rate / count, 0));
        graph.output(after);
        graph.output(graph.matMul(after, x, /* transposeA= */ false, /* transposeB= */ false));
        segment = engine.compile(graph, Map.of("ones", Tensor.of(ones, 1, ones.length, 1)));
    }

    /**
     * Learns from a batch, and runs on it.
     *
     * @param before the stream's weights
     * @param features {@code [windows, channels, 1, time]}
     * @return {@code [windows, neurons, 1, time]}, its own until the next run
     */
    Tensor learn(float[] before, Tensor features) {
        Columns see = layer.columns();
        int count = windows * see.steps();
        weights.reshape(1, layer.neurons(), see.size());
        System.arraycopy(before, 0, weights.data(), 0, before.length);
        columns.reshape(1, see.size(), count);
        for (int window = 0; window < windows; window++) {
            see.read(features.data(), window, columns.data(), window * see.steps(), count);
        }
        segment.run(List.of(weights, columns), List.of(learned, responses));
        maps.reshape(windows, layer.neurons(), 1, see.steps());
        float[] bias = layer.bias();
        for (int window = 0; window < windows; window++) {
            for (int k = 0; k < layer.neurons(); k++) {
                int from = k * count + window * see.steps();
                int to = (window * layer.neurons() + k) * see.steps();
                for (int t = 0; t < see.steps(); t++) {
                    maps.data()[to + t] = responses.data()[from + t] + bias[k];
                }
            }
        }
        return maps;
    }

    /** The weights after {@link #learn}. */
    float[] weights() {
        return Arrays.copyOf(learned.data(), learned.size());
    }

    @Override
    public void close() {
        segment.close();
    }
}
