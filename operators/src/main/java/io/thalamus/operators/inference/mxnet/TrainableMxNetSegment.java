/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.engine.MxNDManager;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import io.thalamus.operators.inference.TrainableSegment;
import io.thalamus.operators.inference.WrongConvolution;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A graph as operations that can be gone back through; one for each, as {@link MxNetSegment}. */
final class TrainableMxNetSegment implements TrainableSegment {
    private final TensorGraph graph;
    private final MxNDManager manager;
    private final Transfer transfer = new Transfer();

    /** Copies, for operations that are yet to come. */
    private final Map<String, Tensor> weights = new HashMap<>();

    private final Symbols<TrainableSymbol> symbols;

    TrainableMxNetSegment(TensorGraph graph, Map<String, Tensor> values, MxNDManager manager) {
        this.graph = graph;
        this.manager = manager;
        for (Node weight : graph.weights()) {
            Tensor value = graph.weightValue(weight, values);
            weights.put(
                    weight.name(),
                    Tensor.of(Arrays.copyOf(value.data(), value.size()), value.shape()));
        }
        this.symbols = new Symbols<>(graph, weights, manager, transfer, TrainableSymbol::new);
        symbols.get(Set.of(), Buffers.OWN);
    }

    @Override
    public void set(Map<String, Tensor> values) {
        for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
            Tensor value = values.get(weight.getKey());
            if (value != null) {
                take(weight.getKey(), value, weight.getValue());
            }
        }
        symbols.forEach(symbol -> symbol.set(values));
    }

    private void take(String name, Tensor value, Tensor copy) {
        if (!Arrays.equals(value.shape(), copy.shape())) {
            throw new IllegalArgumentException(
                    "weight %s of graph %s is a %s, not a %s"
                            .formatted(name, graph.name(), copy, value));
        }
        System.arraycopy(value.data(), 0, copy.data(), 0, copy.size());
    }

    @Override
    public Recording record(List<Tensor> inputs, List<Tensor> outputs) {
        int[][] shapes = graph.shapes(inputs.stream().map(Tensor::shape).toList(), weights);
        TrainableSymbol.Run run =
                symbols.get(WrongConvolution.in(graph, shapes), Buffers.OWN).record(inputs);
        try {
            MxNDArray[] results = run.outputs();
            for (int i = 0; i < results.length; i++) {
                int[] shape = shapes[graph.outputs().get(i).id()];
                transfer.out(results[i], outputs.get(i).reshape(shape));
            }
            return run;
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    @Override
    public void close() {
        symbols.forEach(TrainableSymbol::close);
        manager.close();
    }
}
