/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.engine.MxNDManager;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.WrongConvolution;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph as cached operations: one for nearly all shapes, and one for each set of convolutions
 * that the library would compute wrongly.
 */
final class MxNetSegment implements CompiledSegment {
    private final TensorGraph graph;
    private final Map<String, Tensor> weights;
    private final MxNDManager manager;
    private final Transfer transfer = new Transfer();
    private final Symbols<CachedSymbol> symbols;

    private CachedSymbol symbol;
    private final int[][] inputShapes;
    private int[][] outputShapes;

    MxNetSegment(TensorGraph graph, Map<String, Tensor> weights, MxNDManager manager) {
        this.graph = graph;
        this.weights = weights;
        this.manager = manager;
        this.inputShapes = new int[graph.inputs().size()][];
        this.symbols = new Symbols<>(graph, weights, manager, transfer, CachedSymbol::new);
        SymbolWriter.write(graph, weights, Set.of()); // tells what is wrong with it
    }

    @Override
    public void run(List<Tensor> inputs, List<Tensor> outputs) {
        takeShapes(inputs);
        MxNDArray[] results = symbol.run(inputs);
        try {
            for (int i = 0; i < results.length; i++) {
                transfer.out(results[i], outputs.get(i).reshape(outputShapes[i]));
            }
        } finally {
            for (MxNDArray result : results) {
                result.close();
            }
        }
    }

    /**
     * Checks every operation against new shapes, and finds the operation that is right for them.
     */
    private void takeShapes(List<Tensor> inputs) {
        boolean same = outputShapes != null && inputs.size() == inputShapes.length;
        for (int i = 0; same && i < inputShapes.length; i++) {
            same = Arrays.equals(inputShapes[i], inputs.get(i).shape());
        }
        if (same) {
            return;
        }
        int[][] shapes = graph.shapes(inputs.stream().map(Tensor::shape).toList(), weights);
        symbol = symbols.get(WrongConvolution.in(graph, shapes), Buffers.of(graph, shapes));
        outputShapes =
                graph.outputs().stream().map(node -> shapes[node.id()]).toArray(int[][]::new);
        for (int i = 0; i < inputShapes.length; i++) {
            inputShapes[i] = inputs.get(i).shape();
        }
    }

    @Override
    public void close() {
        symbols.forEach(CachedSymbol::close);
        manager.close();
    }
}
