/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.mxnet.engine.CachedOp;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.engine.MxNDManager;
import ai.djl.mxnet.engine.MxSymbolBlock;
import ai.djl.mxnet.engine.Symbol;
import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import com.sun.jna.Native;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One cached operation. Inputs and outputs pass through one direct buffer; an input's native array
 * is kept as long as its shape stays the same.
 */
final class MxNetSegment implements CompiledSegment {
    private final TensorGraph graph;
    private final Map<String, Tensor> weights;
    private final MxNDManager manager;
    private final CachedOp operation;

    /** The operation's arguments in the symbol's order: weights, and inputs once they are there. */
    private final MxNDArray[] arguments;

    /** For each input of the graph its place among the arguments; -1 if nothing depends on it. */
    private final int[] inputPlaces;

    private final int[][] inputShapes;
    private int[][] outputShapes;
    private FloatBuffer buffer = allocate(1024);

    MxNetSegment(TensorGraph graph, Map<String, Tensor> weights, MxNDManager manager) {
        this.graph = graph;
        this.weights = weights;
        this.manager = manager;
        Map<Integer, int[]> weightShapes = new HashMap<>();
        Map<String, Tensor> values = new HashMap<>();
        for (Node weight : graph.weights()) {
            Tensor value = graph.weightValue(weight, weights);
            weightShapes.put(weight.id(), value.shape());
            values.put(SymbolWriter.nameOf(weight), value);
        }
        Symbol symbol = Symbol.loadJson(manager, SymbolWriter.write(graph, weightShapes));
        MxSymbolBlock block = new MxSymbolBlock(manager, symbol);
        List<Parameter> parameters = block.getAllParameters();
        this.arguments = new MxNDArray[parameters.size()];
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            Parameter parameter = parameters.get(i);
            places.put(parameter.getName(), i);
            Tensor value = values.get(parameter.getName());
            if (value != null) {
                arguments[i] = array(value);
                parameter.setArray(arguments[i]);
            }
        }
        this.inputPlaces =
                graph.inputs().stream()
                        .mapToInt(input -> places.getOrDefault(SymbolWriter.nameOf(input), -1))
                        .toArray();
        this.inputShapes = new int[inputPlaces.length][];
        this.operation = JnaUtils.createCachedOp(block, manager, /* training= */ false);
    }

    private MxNDArray array(Tensor value) {
        MxNDArray array = create(value.shape());
        copyIn(value, array);
        return array;
    }

    private MxNDArray create(int[] shape) {
        long[] sizes = Arrays.stream(shape).asLongStream().toArray();
        return manager.create(new Shape(sizes), DataType.FLOAT32);
    }

    @Override
    public void run(List<Tensor> inputs, List<Tensor> outputs) {
        takeShapes(inputs);
        for (int i = 0; i < inputPlaces.length; i++) {
            if (inputPlaces[i] >= 0) {
                copyIn(inputs.get(i), arguments[inputPlaces[i]]);
            }
        }
        MxNDArray[] results = JnaUtils.cachedOpInvoke(manager, operation.getHandle(), arguments);
        try {
            for (int i = 0; i < results.length; i++) {
                copyOut(results[i], outputs.get(i).reshape(outputShapes[i]));
            }
        } finally {
            for (MxNDArray result : results) {
                result.close();
            }
        }
    }

    /** Checks every operation against new shapes, and makes room for them. */
    private void takeShapes(List<Tensor> inputs) {
        boolean same = outputShapes != null && inputs.size() == inputShapes.length;
        for (int i = 0; same && i < inputShapes.length; i++) {
            same = Arrays.equals(inputShapes[i], inputs.get(i).shape());
        }
        if (same) {
            return;
        }
        int[][] shapes = graph.shapes(inputs.stream().map(Tensor::shape).toList(), weights);
        outputShapes = null;
        for (int i = 0; i < inputShapes.length; i++) {
            int[] shape = inputs.get(i).shape();
            if (inputPlaces[i] >= 0 && !Arrays.equals(inputShapes[i], shape)) {
                MxNDArray old = arguments[inputPlaces[i]];
                arguments[inputPlaces[i]] = create(shape);
                if (old != null) {
                    old.close();
                }
            }
            inputShapes[i] = shape;
        }
        outputShapes =
                graph.outputs().stream().map(node -> shapes[node.id()]).toArray(int[][]::new);
    }

    private void copyIn(Tensor from, MxNDArray to) {
        FloatBuffer direct = room(from.size());
        direct.put(0, from.data(), 0, from.size());
        JnaUtils.syncCopyFromCPU(to.getHandle(), direct, from.size());
    }

    private void copyOut(MxNDArray from, Tensor to) {
        FloatBuffer direct = room(to.size());
        JnaUtils.syncCopyToCPU(from.getHandle(), Native.getDirectBufferPointer(direct), to.size());
        direct.get(0, to.data(), 0, to.size());
    }

    private FloatBuffer room(int size) {
        if (buffer.capacity() < size) {
            buffer = allocate(size);
        }
        return buffer;
    }

    private static FloatBuffer allocate(int size) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(size, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public void close() {
        operation.close();
        manager.close();
    }
}
