/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/** Small graphs with weights and inputs that are drawn between -1 and 1, for tests of engines. */
abstract class RandomNetworks {
    final SplittableRandom random;

    /** Of the last graph. */
    final Map<String, Tensor> weights = new LinkedHashMap<>();

    RandomNetworks(long seed) {
        this.random = new SplittableRandom(seed);
    }

    final Node weight(TensorGraph graph, int... shape) {
        String weightName = "w" + weights.size();
        weights.put(weightName, tensor(shape));
        return graph.weight(weightName);
    }

    final Tensor tensor(int... shape) {
        float[] values = new float[Tensor.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return Tensor.of(values, shape);
    }

    /** A graph of so many inputs and one output. */
    final TensorGraph graph(BiFunction<TensorGraph, Node[], Node> network, int inputs) {
        weights.clear();
        TensorGraph graph = new TensorGraph("test");
        Node[] nodes = new Node[inputs];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = graph.input("x" + i);
        }
        graph.output(network.apply(graph, nodes));
        return graph;
    }
}
