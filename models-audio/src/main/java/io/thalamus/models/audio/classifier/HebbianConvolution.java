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
    private static final int ROWS = 8;

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
        Node w = graph.input("weights"); // [1, D, K]
        Node x = graph.input("columns"); // [1, D, N]
        Node u = graph.matMul(x, w, /* transposeA= */ true, /* transposeB= */ false); // [1, N, K]
        Node y = graph.softmax(u);
        Node seen = graph.scale(graph.matMul(x, y, false, false), rate / count, 0);
        // sum over n of y u, as u = x w: the sum over inputs of w x y
        Node won = graph.matMul(graph.weight("ones"), graph.multiply(w, seen), false, false);
        Node after = graph.add(graph.multiply(w, graph.scale(won, -1, 1)), seen);
        graph.output(after);
        graph.output(graph.matMul(after, x, /* transposeA= */ true, /* transposeB= */ false));
        segment = engine.compile(graph, Map.of("ones", Tensor.of(ones, 1, 1, ones.length)));
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
        weights.reshape(1, see.size(), layer.neurons());
        transpose(before, layer.neurons(), weights.data());
        columns.reshape(1, see.size(), count);
        for (int window = 0; window < windows; window++) {
            see.read(features.data(), window, columns.data(), window * see.steps(), count);
        }
        segment.run(List.of(weights, columns), List.of(learned, responses));
        maps.reshape(windows, layer.neurons(), 1, see.steps());
        for (int row = 0; row < windows * layer.neurons(); row++) {
            int from = row % layer.neurons() * count + row / layer.neurons() * see.steps();
            int to = row * see.steps();
            System.arraycopy(responses.data(), from, maps.data(), to, see.steps());
        }
        layer.addBias(maps);
        return maps;
    }

    /** The weights after {@link #learn}. */
    float[] weights() {
        float[] values = new float[learned.size()];
        transpose(learned.data(), layer.columns().size(), values);
        return values;
    }

    /** Exchanges rows and columns, a few rows at once, so that neighbours are written together. */
    private static void transpose(float[] from, int rows, float[] to) {
        int width = from.length / rows;
        for (int top = 0; top < rows; top += ROWS) {
            int bottom = Math.min(rows, top + ROWS);
            for (int column = 0; column < width; column++) {
                for (int row = top; row < bottom; row++) {
                    to[column * rows + row] = from[row * width + column];
                }
            }
        }
    }

    @Override
    public void close() {
        segment.close();
    }
}
