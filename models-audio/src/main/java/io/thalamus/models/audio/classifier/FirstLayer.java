/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import java.util.List;
import java.util.Map;

/**
 * The first convolution. Windows of streams that have weights of their own share one product of
 * matrices, each with its own; those of all others share the convolution.
 */
final class FirstLayer {
    private final Parameter weight;
    private final int neurons;
    private final float[] bias;
    private final Convolution shared;
    private final Columns columns;
    private final Tensor gathered = Tensor.empty();
    private final Tensor own = Tensor.empty();
    private final Tensor ownWeights = Tensor.empty();
    private final Tensor ownMaps = Tensor.empty();
    private final Tensor maps = Tensor.empty();
    private CompiledSegment product;

    /**
     * A convolution with a stride of 1.
     *
     * @param weight {@code [neurons, channels, kernel]}
     * @param bias {@code [neurons]}; null for none
     * @param columns what its neurons see
     */
    FirstLayer(Parameter weight, float[] bias, Columns columns) {
        this.weight = weight;
        this.columns = columns;
        this.bias = bias;
        neurons = weight.source().length / columns.size();
        shared =
                new Convolution(
                        weight.name(),
                        Tensor.of(
                                weight.source(), neurons, columns.channels(), 1, columns.kernel()),
                        bias == null ? null : Tensor.of(bias, neurons),
                        columns.padding());
    }

    void open(GraphEngine engine) {
        shared.open(engine, /* learns= */ false);
        TensorGraph graph = new TensorGraph("own-first-layers");
        graph.output(
                graph.matMul(
                        graph.input("weights"),
                        graph.input("columns"),
                        /* transposeA= */ false,
                        /* transposeB= */ false));
        product = engine.compile(graph, Map.of());
    }

    Parameter weight() {
        return weight;
    }

    Columns columns() {
        return columns;
    }

    int neurons() {
        return neurons;
    }

    /**
     * Runs it.
     *
     * @param features {@code [windows, channels, 1, time]}
     * @return {@code [windows, neurons, 1, time]}, its own until the next run
     */
    Tensor forward(Tensor features, List<FastWeights> learned) {
        int windows = features.dimension(0);
        int owners = 0;
        for (FastWeights one : learned) {
            owners += isOwner(one) ? 1 : 0;
        }
        if (owners == 0) {
            return shared.forward(features, learned);
        }
        maps.reshape(windows, neurons, 1, columns.steps());
        if (owners < windows) {
            forwardShared(features, learned, windows - owners);
        }
        forwardOwn(features, learned, owners);
        return maps;
    }

    private boolean isOwner(FastWeights learned) {
        return learned.deltas().containsKey(weight.name());
    }

    private void forwardShared(Tensor features, List<FastWeights> learned, int others) {
        int size = columns.inputSize();
        gathered.reshape(others, columns.channels(), 1, columns.length());
        int at = 0;
        for (int window = 0; window < learned.size(); window++) {
            if (!isOwner(learned.get(window))) {
                System.arraycopy(
                        features.data(), window * size, gathered.data(), size * at++, size);
            }
        }
        Tensor found = shared.forward(gathered, learned);
        at = 0;
        for (int window = 0; window < learned.size(); window++) {
            if (!isOwner(learned.get(window))) {
                take(found, at++, window);
            }
        }
    }

    private void forwardOwn(Tensor features, List<FastWeights> learned, int owners) {
        int size = weight.source().length;
        own.reshape(owners, columns.size(), columns.steps());
        ownWeights.reshape(owners, neurons, columns.size());
        int at = 0;
        for (int window = 0; window < learned.size(); window++) {
            if (isOwner(learned.get(window))) {
                columns.read(
                        features.data(),
                        window,
                        own.data(),
                        at * columns.size() * columns.steps(),
                        columns.steps());
                float[] values = weight.of(learned.get(window));
                System.arraycopy(values, 0, ownWeights.data(), size * at++, size);
            }
        }
        product.run(List.of(ownWeights, own), List.of(ownMaps));
        addBias(ownMaps);
        at = 0;
        for (int window = 0; window < learned.size(); window++) {
            if (isOwner(learned.get(window))) {
                take(ownMaps, at++, window);
            }
        }
    }

    private void take(Tensor from, int index, int window) {
        int size = neurons * columns.steps();
        System.arraycopy(from.data(), index * size, maps.data(), window * size, size);
    }

    /** Adds what neurons have beside their weights to their responses. */
    void addBias(Tensor responses) {
        if (bias == null) {
            return;
        }
        for (int from = 0; from < responses.size(); from += columns.steps()) {
            float summand = bias[from / columns.steps() % neurons];
            for (int i = from; i < from + columns.steps(); i++) {
                responses.data()[i] += summand;
            }
        }
    }

    void close() {
        shared.close();
        product.close();
    }
}
