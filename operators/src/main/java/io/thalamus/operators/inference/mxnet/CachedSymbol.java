/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.mxnet.engine.CachedOp;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.engine.MxNDManager;
import ai.djl.mxnet.engine.MxSymbolBlock;
import ai.djl.mxnet.engine.Symbol;
import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.nn.Parameter;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A graph as one cached operation with its weights, for images that need the same kernels. */
final class CachedSymbol implements AutoCloseable {
    private final MxNDManager manager;
    private final Transfer transfer;
    private final CachedOp operation;

    /** The operation's arguments in the symbol's order: weights, and inputs once they are there. */
    private final MxNDArray[] arguments;

    /** For each input of the graph its place among the arguments; -1 if nothing depends on it. */
    private final int[] inputPlaces;

    private final int[][] inputShapes;

    /**
     * @param widened the ids of the convolutions whose kernels get a column of zeros on each side
     */
    CachedSymbol(
            TensorGraph graph,
            Map<String, Tensor> weights,
            Set<Integer> widened,
            MxNDManager manager,
            Transfer transfer) {
        this.manager = manager;
        this.transfer = transfer;
        SymbolWriter writer = SymbolWriter.write(graph, weights, widened);
        Symbol symbol = Symbol.loadJson(manager, writer.json());
        MxSymbolBlock block = new MxSymbolBlock(manager, symbol);
        List<Parameter> parameters = block.getAllParameters();
        this.arguments = new MxNDArray[parameters.size()];
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            Parameter parameter = parameters.get(i);
            places.put(parameter.getName(), i);
            Tensor value = writer.weights().get(parameter.getName());
            if (value != null) {
                arguments[i] = transfer.create(manager, value.shape());
                transfer.in(value, arguments[i]);
                parameter.setArray(arguments[i]);
            }
        }
        List<Node> inputs = graph.inputs();
        this.inputPlaces =
                inputs.stream()
                        .mapToInt(input -> places.getOrDefault(SymbolWriter.nameOf(input), -1))
                        .toArray();
        this.inputShapes = new int[inputPlaces.length][];
        this.operation = JnaUtils.createCachedOp(block, manager, /* training= */ false);
    }

    /** Runs the operation; the results are the caller's to close. */
    MxNDArray[] run(List<Tensor> inputs) {
        for (int i = 0; i < inputPlaces.length; i++) {
            int place = inputPlaces[i];
            if (place >= 0) {
                int[] shape = inputs.get(i).shape();
                if (!Arrays.equals(inputShapes[i], shape)) {
                    MxNDArray old = arguments[place];
                    arguments[place] = transfer.create(manager, shape);
                    inputShapes[i] = shape;
                    if (old != null) {
                        old.close();
                    }
                }
                transfer.in(inputs.get(i), arguments[place]);
            }
        }
        return JnaUtils.cachedOpInvoke(manager, operation.getHandle(), arguments);
    }

    @Override
    public void close() {
        operation.close();
        manager.close();
    }
}
