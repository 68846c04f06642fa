/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.mxnet.engine.CachedOp;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.engine.MxNDManager;
import ai.djl.mxnet.engine.MxSymbolBlock;
import ai.djl.mxnet.engine.Symbol;
import ai.djl.nn.Parameter;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph as one cached operation, with the native arrays of its weights.
 *
 * @param manager owns the operation and the arrays
 * @param operation takes the arguments in the symbol's order
 * @param arguments the weights; null where inputs belong
 * @param weights which weight stands at which place among the arguments
 * @param inputPlaces for each input of the graph its place among the arguments; -1 if nothing
 *     depends on it
 */
record LoadedSymbol(
        MxNDManager manager,
        CachedOp operation,
        MxNDArray[] arguments,
        Map<Integer, SymbolWriter.Weight> weights,
        int[] inputPlaces)
        implements AutoCloseable {

    /**
     * Makes a graph a native operation.
     *
     * @param values the values of the graph's weights, by name
     * @param widened the ids of the convolutions whose kernels get a column of zeros on each side
     * @param manager to own it, and to be closed with it
     */
    static LoadedSymbol load(
            TensorGraph graph,
            Map<String, Tensor> values,
            Set<Integer> widened,
            Buffers buffers,
            MxNDManager manager,
            Transfer transfer) {
        SymbolWriter writer = SymbolWriter.write(graph, values, widened);
        Symbol symbol = Symbol.loadJson(manager, writer.json());
        MxSymbolBlock block = new MxSymbolBlock(manager, symbol);
        List<Parameter> parameters = block.getAllParameters();
        MxNDArray[] arguments = new MxNDArray[parameters.size()];
        Map<Integer, SymbolWriter.Weight> weights = new HashMap<>();
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            Parameter parameter = parameters.get(i);
            places.put(parameter.getName(), i);
            SymbolWriter.Weight weight = writer.weights().get(parameter.getName());
            if (weight != null) {
                weights.put(i, weight);
                Tensor value = weight.value(values);
                arguments[i] = transfer.create(manager, value.shape());
                transfer.in(value, arguments[i]);
                parameter.setArray(arguments[i]);
            }
        }
        int[] inputPlaces =
                graph.inputs().stream()
                        .mapToInt(input -> places.getOrDefault(SymbolWriter.nameOf(input), -1))
                        .toArray();
        CachedOp operation = buffers.operation(block, manager);
        return new LoadedSymbol(manager, operation, arguments, weights, inputPlaces);
    }

    @Override
    public void close() {
        operation.close();
        manager.close();
    }
}
