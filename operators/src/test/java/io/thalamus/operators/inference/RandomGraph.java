/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A graph of operations that fit, drawn by chance, with weights and inputs for it. */
final class RandomGraph {
    private static final int[] SIZES = {1, 2, 3, 5, 8, 13};

    private final SplittableRandom random;
    private final TensorGraph graph;
    private final Map<String, Tensor> weights = new HashMap<>();
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<Sized> tensors = new ArrayList<>();

    private record Sized(Node node, int[] shape) {
        int rank() {
            return shape.length;
        }

        int last() {
            return shape[shape.length - 1];
        }
    }

    RandomGraph(int seed) {
        random = new SplittableRandom(seed);
        graph = new TensorGraph("random" + seed);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int[] shape = new int[random.nextInt(2, 5)];
            for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] = size();
            }
            inputs.add(tensor(shape));
            tensors.add(new Sized(graph.input("x" + i), shape));
        }
        for (int steps = random.nextInt(3, 20); steps > 0; steps--) {
            Sized x = any();
            take(step(x));
        }
        graph.output(tensors.get(tensors.size() - 1).node);
        graph.output(any().node);
    }

    TensorGraph graph() {
        return graph;
    }

    Map<String, Tensor> weights() {
        return weights;
    }

    List<Tensor> inputs() {
        return inputs;
    }

    private void take(Node node) {
        int[] shape = graph.shapes(inputs.stream().map(Tensor::shape).toList(), weights)[node.id()];
        if (Tensor.size(shape) < 100_000) {
            tensors.add(new Sized(node, shape));
        }
    }

    private Node step(Sized x) {
        return switch (random.nextInt(12)) {
            case 0 -> x.rank() == 4 ? convolution(x) : graph.gelu(x.node);
            case 1 -> graph.dense(x.node, weight(size(), x.last()));
            case 2 -> {
                int width = size();
                yield graph.dense(x.node, weight(width, x.last()), weight(width));
            }
            case 3 -> x.rank() == 3 ? product(x) : graph.tanh(x.node);
            case 4 -> graph.layerNorm(x.node, weight(x.last()), weight(x.last()), 0.1);
            case 5 -> function(x);
            case 6 -> graph.scale(x.node, random.nextDouble() - 0.5, random.nextDouble());
            case 7 -> combination(x);
            case 8 -> reshape(x);
            case 9 -> graph.transpose(x.node, order(x.rank()));
            case 10 -> {
                int axis = random.nextInt(x.rank());
                int begin = random.nextInt(x.shape[axis]);
                yield graph.slice(x.node, axis, begin, random.nextInt(begin, x.shape[axis]) + 1);
            }
            default -> graph.concat(random.nextInt(x.rank()), x.node, function(x), x.node);
        };
    }

    private Node product(Sized x) {
        boolean transposed = random.nextBoolean();
        return graph.matMul(x.node, x.node, transposed, !transposed);
    }

    private Node convolution(Sized x) {
        int channels = x.shape[1];
        int groups = channels > 1 && random.nextBoolean() ? channels : 1;
        int out = groups * random.nextInt(1, 4);
        int rows = random.nextInt(1, 4);
        int columns = random.nextInt(1, 6);
        Conv2d how =
                new Conv2d(
                        random.nextInt(1, 3),
                        random.nextInt(1, 3),
                        rows,
                        2 * columns,
                        1,
                        random.nextInt(1, 3),
                        groups);
        return graph.conv2d(
                x.node, weight(out, channels / groups, rows, columns), weight(out), how);
    }

    private Node function(Sized x) {
        return switch (random.nextInt(6)) {
            case 0 -> graph.softmax(x.node);
            case 1 -> graph.gelu(x.node);
            case 2 -> graph.relu(x.node);
            case 3 -> graph.sigmoid(x.node);
            case 4 -> graph.sqrt(graph.scale(graph.sigmoid(x.node), 1, 0.5));
            default -> graph.tanh(x.node);
        };
    }

    private Node combination(Sized x) {
        int[] shape = x.shape.clone();
        shape[random.nextInt(shape.length)] = 1;
        Node other = random.nextBoolean() ? weight(shape) : function(x);
        return switch (random.nextInt(5)) {
            case 0 -> graph.add(x.node, other);
            case 1 -> graph.subtract(other, x.node);
            case 2 -> graph.multiply(x.node, other);
            case 3 -> graph.multiply(other, other);
            default -> graph.divide(other, graph.scale(graph.sigmoid(x.node), 1, 0.5));
        };
    }

    private Node reshape(Sized x) {
        return switch (random.nextInt(3)) {
            case 0 -> graph.reshape(x.node, 0, -1);
            case 1 -> graph.reshape(x.node, -1, x.shape[x.rank() - 2], x.last());
            default -> graph.reshape(x.node, x.shape[0], 1, -1, x.last());
        };
    }

    private int[] order(int rank) {
        List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = axes.remove(random.nextInt(axes.size()));
        }
        return order;
    }

    private Sized any() {
        return tensors.get(random.nextInt(tensors.size()));
    }

    private int size() {
        return SIZES[random.nextInt(SIZES.length)];
    }

    private Node weight(int... shape) {
        String name = "w" + weights.size();
        weights.put(name, tensor(shape));
        return graph.weight(name);
    }

    private Tensor tensor(int... shape) {
        float[] values = new float[Tensor.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return Tensor.of(values, shape);
    }
}
