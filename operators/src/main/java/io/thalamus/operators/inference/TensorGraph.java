/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.inference.Operation.Axes;
import io.thalamus.operators.inference.Operation.Binary;
import io.thalamus.operators.inference.Operation.Concat;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Operation.Dense;
import io.thalamus.operators.inference.Operation.LayerNorm;
import io.thalamus.operators.inference.Operation.MatMul;
import io.thalamus.operators.inference.Operation.Reshape;
import io.thalamus.operators.inference.Operation.Scalar;
import io.thalamus.operators.inference.Operation.Slice;
import io.thalamus.operators.inference.Operation.Unary;
import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network, or the part of one between two data-dependent steps, as a graph of tensor operations.
 * Written once, run by any {@link GraphEngine}. Sizes are known only when it runs: every operation
 * computes the shape of its result and objects to what does not fit, before an engine sees it.
 *
 * <pre>{@code
 * TensorGraph graph = new TensorGraph("head");
 * Node x = graph.input("x"); // [B, T, D]
 * Node y = graph.dense(graph.gelu(x), graph.weight("w"), graph.weight("b")); // [B, T, C]
 * graph.output(y);
 * }</pre>
 */
public final class TensorGraph {
    private final String name;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Node> inputs = new ArrayList<>();
    private final List<Node> outputs = new ArrayList<>();
    private final Map<Integer, int[]> sizes = new HashMap<>();

    /**
     * A tensor in a graph.
     *
     * @param id its place in the order of computation
     * @param name the input's or weight's name; for results the operation's
     * @param operation null for inputs and weights
     * @param arguments what the operation works on
     */
    public record Node(int id, String name, Operation operation, List<Node> arguments) {
        public boolean isResult() {
            return operation != null;
        }
    }

    public TensorGraph(String name) {
        this.name = name;
    }

    /** A tensor that is handed in at each run. */
    public Node input(String inputName) {
        Node node = add(inputName, null, List.of());
        inputs.add(node);
        return node;
    }

    /** The same of one shape in all runs, so that it may be the kernel of a convolution. */
    public Node input(String inputName, int... shape) {
        Node node = input(inputName);
        sizes.put(node.id, shape);
        return node;
    }

    /** The shape that an input has in all runs, if it was given with one. */
    public Optional<int[]> shapeOf(Node input) {
        return Optional.ofNullable(sizes.get(input.id));
    }

    /** A tensor that stays the same, looked up by its name when the graph is compiled. */
    public Node weight(String weightName) {
        for (Node node : nodes) {
            if (!node.isResult() && !inputs.contains(node) && node.name.equals(weightName)) {
                return node;
            }
        }
        return add(weightName, null, List.of());
    }

    /** Hands a tensor out at each run. */
    public void output(Node node) {
        outputs.add(node);
    }

    /**
     * Cross-correlation in two dimensions: x [B, C, H, W], weight [O, C/groups, kh, kw], bias [O].
     */
    public Node conv2d(Node x, Node weight, Node bias, Conv2d how) {
        return add(how, x, weight, bias);
    }

    /** Cross-correlation without a bias, as {@link #conv2d(Node, Node, Node, Conv2d)}. */
    public Node conv2d(Node x, Node weight, Conv2d how) {
        return add(how, x, weight);
    }

    /** x W' + b along the last axis: x [..., I], weight [O, I], bias [O]. */
    public Node dense(Node x, Node weight, Node bias) {
        return add(new Dense(), x, weight, bias);
    }

    /** x W' along the last axis: x [..., I], weight [O, I]. */
    public Node dense(Node x, Node weight) {
        return add(new Dense(), x, weight);
    }

    /** Products of matrices: a [B, M, K], b [B, K, N], each transposed first where asked. */
    public Node matMul(Node a, Node b, boolean transposeA, boolean transposeB) {
        return add(new MatMul(transposeA, transposeB), a, b);
    }

    /** Layer normalisation over the last axis with population variance: gamma, beta [D]. */
    public Node layerNorm(Node x, Node gamma, Node beta, double epsilon) {
        return add(new LayerNorm(epsilon), x, gamma, beta);
    }

    /** Softmax over the last axis. */
    public Node softmax(Node x) {
        return add(Unary.SOFTMAX, x);
    }

    /** The exact Gaussian error linear unit, x (1 + erf(x / sqrt 2)) / 2. */
    public Node gelu(Node x) {
        return add(Unary.GELU, x);
    }

    public Node relu(Node x) {
        return add(Unary.RELU, x);
    }

    public Node sigmoid(Node x) {
        return add(Unary.SIGMOID, x);
    }

    public Node tanh(Node x) {
        return add(Unary.TANH, x);
    }

    /** The square root. */
    public Node sqrt(Node x) {
        return add(Unary.SQRT, x);
    }

    /** Element by element, sizes of one stretched, shapes aligned at the end. */
    public Node add(Node a, Node b) {
        return add(Binary.ADD, a, b);
    }

    /** Element by element, as {@link #add(Node, Node)}. */
    public Node subtract(Node a, Node b) {
        return add(Binary.SUBTRACT, a, b);
    }

    /** Element by element, as {@link #add(Node, Node)}. */
    public Node multiply(Node a, Node b) {
        return add(Binary.MULTIPLY, a, b);
    }

    /** Element by element, as {@link #add(Node, Node)}. */
    public Node divide(Node a, Node b) {
        return add(Binary.DIVIDE, a, b);
    }

    /** factor x + shift. */
    public Node scale(Node x, double factor, double shift) {
        return add(new Scalar(factor, shift), x);
    }

    /** Another shape for the same values; 0 keeps a size, one -1 takes what is left. */
    public Node reshape(Node x, int... shape) {
        return add(new Reshape(new Axes(shape)), x);
    }

    /** Axes in another order. */
    public Node transpose(Node x, int... order) {
        return add(new Operation.Transpose(new Axes(order)), x);
    }

    /**
     * The part from begin to before end along one axis; negative positions count from the end, and
     * {@link Slice#TO_END} is the end itself.
     */
    public Node slice(Node x, int axis, int begin, int end) {
        return add(new Slice(axis, begin, end), x);
    }

    /** Tensors one after the other along an axis. */
    public Node concat(int axis, Node... parts) {
        return add(new Concat(axis), parts);
    }

    private Node add(Operation operation, Node... arguments) {
        return add(operation.getClass().getSimpleName(), operation, List.of(arguments));
    }

    private Node add(String nodeName, Operation operation, List<Node> arguments) {
        for (Node argument : arguments) {
            if (argument.id >= nodes.size() || nodes.get(argument.id) != argument) {
                throw new IllegalArgumentException(
                        "%s of graph %s uses a tensor of another graph".formatted(nodeName, name));
            }
        }
        Node node = new Node(nodes.size(), nodeName, operation, arguments);
        nodes.add(node);
        return node;
    }

    public String name() {
        return name;
    }

    /** All tensors, arguments before results. */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    public List<Node> inputs() {
        return Collections.unmodifiableList(inputs);
    }

    public List<Node> outputs() {
        return Collections.unmodifiableList(outputs);
    }

    /** The tensors that are looked up by name when the graph is compiled. */
    public List<Node> weights() {
        return nodes.stream().filter(n -> !n.isResult() && !inputs.contains(n)).toList();
    }

    /** The value of a weight, or the error that it is missing. */
    public Tensor weightValue(Node weight, Map<String, Tensor> values) {
        Tensor value = values.get(weight.name);
        if (value == null) {
            throw new InvalidInputException(
                    "graph %s has no value for weight %s".formatted(name, weight.name));
        }
        return value;
    }

    /**
     * The shape of every tensor, by its id.
     *
     * @param inputShapes in the order of {@link #inputs()}
     * @throws IllegalArgumentException if an operation cannot work on the shapes it would get
     */
    public int[][] shapes(List<int[]> inputShapes, Map<String, Tensor> weights) {
        if (inputShapes.size() != inputs.size()) {
            throw new IllegalArgumentException(
                    "graph %s takes %d inputs, not %d"
                            .formatted(name, inputs.size(), inputShapes.size()));
        }
        int[][] shapes = new int[nodes.size()][];
        for (int i = 0; i < inputs.size(); i++) {
            Node input = inputs.get(i);
            int[] shape = inputShapes.get(i);
            if (shapeOf(input).filter(wanted -> !Arrays.equals(wanted, shape)).isPresent()) {
                throw new IllegalArgumentException(
                        "input %s of graph %s is %s, not %s"
                                .formatted(
                                        input.name,
                                        name,
                                        Arrays.toString(sizes.get(input.id)),
                                        Arrays.toString(shape)));
            }
            shapes[input.id] = shape;
        }
        for (Node node : nodes) {
            if (node.isResult()) {
                List<int[]> arguments = node.arguments.stream().map(a -> shapes[a.id]).toList();
                shapes[node.id] = node.operation.shape(describe(node, arguments), arguments);
            } else if (shapes[node.id] == null) {
                shapes[node.id] = weightValue(node, weights).shape();
            }
        }
        return shapes;
    }

    private String describe(Node node, List<int[]> arguments) {
        return "operation %d of graph %s, %s of %s"
                .formatted(
                        node.id,
                        name,
                        node.operation,
                        arguments.stream().map(Arrays::toString).toList());
    }
}
