/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.interpreter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A graph with its weights as arrays of an engine; everything else lives for one run. */
final class InterpretedSegment implements CompiledSegment {
    private final TensorGraph graph;
    private final Map<String, Tensor> weights = new HashMap<>();
    private final NDManager manager;
    private final Map<Integer, NDArray> weightArrays = new HashMap<>();

    InterpretedSegment(TensorGraph graph, Map<String, Tensor> values, NDManager parent) {
        this.graph = graph;
        for (Node weight : graph.weights()) {
            weights.put(weight.name(), graph.weightValue(weight, values));
        }
        this.manager = parent.newSubManager();
        for (Node weight : graph.weights()) {
            weightArrays.put(weight.id(), array(manager, weights.get(weight.name())));
        }
    }

    private static NDArray array(NDManager owner, Tensor tensor) {
        long[] shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
        FloatBuffer values = FloatBuffer.wrap(tensor.data(), 0, tensor.size());
        return owner.create(values, new Shape(shape), DataType.FLOAT32);
    }

    @Override
    public void run(List<Tensor> inputs, List<Tensor> outputs) {
        int[][] shapes = graph.shapes(inputs.stream().map(Tensor::shape).toList(), weights);
        try (NDManager run = manager.newSubManager()) {
            NDArray[] arrays = new NDArray[shapes.length];
            // An operation's result, and what DJL makes on the way to it, belong to the manager of
            // its first argument. Weights are lent to this run, so that nothing outlives it.
            weightArrays.forEach(
                    (id, weight) -> {
                        weight.tempAttach(run);
                        arrays[id] = weight;
                    });
            for (int i = 0; i < inputs.size(); i++) {
                arrays[graph.inputs().get(i).id()] = array(run, inputs.get(i));
            }
            for (Node node : graph.nodes()) {
                if (node.isResult()) {
                    List<NDArray> arguments =
                            node.arguments().stream().map(a -> arrays[a.id()]).toList();
                    NDArrayStep step = new NDArrayStep(arguments, shapes[node.id()]);
                    arrays[node.id()] = node.operation().accept(step);
                }
            }
            for (int i = 0; i < outputs.size(); i++) {
                int id = graph.outputs().get(i).id();
                copy(arrays[id], outputs.get(i).reshape(shapes[id]));
            }
        }
    }

    private static void copy(NDArray from, Tensor to) {
        from.toByteBuffer().asFloatBuffer().get(0, to.data(), 0, to.size());
    }

    @Override
    public void close() {
        manager.close();
    }
}
