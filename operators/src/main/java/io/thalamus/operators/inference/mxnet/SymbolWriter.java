/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.Operation;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import io.thalamus.operators.inference.WrongConvolution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a tensor graph as an MXNet symbol in its JSON form. */
final class SymbolWriter implements Operation.Visitor<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MXNET_VERSION = 10900;

    private static final int IMAGE_RANK = 4;

    /** The shapes that are the same in every run: of weights, and of what comes of them alone. */
    private final Map<Integer, int[]> fixed = new HashMap<>();

    private final Set<Integer> handedIn = new HashSet<>();
    private final Set<Integer> widened;
    private final Map<String, Weight> weights = new HashMap<>();
    private final ArrayNode written = JSON.createArrayNode();
    private final Map<Integer, Integer> places = new HashMap<>();
    private String json;
    private Node current;

    /**
     * A weight of the symbol.
     *
     * @param name of the graph's weight that it is
     * @param widened whether it has a column of zeros more on each side
     */
    record Weight(String name, boolean widened) {
        Tensor value(Map<String, Tensor> values) {
            Tensor value = values.get(name);
            return widened ? WrongConvolution.widened(value) : value;
        }
    }

    private SymbolWriter(Set<Integer> widened) {
        this.widened = widened;
    }

    /** The name of an input or weight in the symbol. */
    static String nameOf(Node node) {
        return "t" + node.id();
    }

    /**
     * Writes a graph.
     *
     * @param values the values of the graph's weights, by name
     * @param widened the ids of the convolutions whose kernels get a column of zeros on each side
     */
    static SymbolWriter write(TensorGraph graph, Map<String, Tensor> values, Set<Integer> widened) {
        SymbolWriter writer = new SymbolWriter(widened);
        for (Node input : graph.inputs()) {
            graph.shapeOf(input).ifPresent(shape -> writer.fixed.put(input.id(), shape));
            writer.handedIn.add(input.id());
        }
        for (Node weight : graph.weights()) {
            writer.fixed.put(weight.id(), graph.weightValue(weight, values).shape());
        }
        for (Node node : graph.nodes()) {
            writer.current = node;
            writer.places.put(node.id(), writer.append(node));
            writer.fix(node);
        }
        List<Integer> heads = new ArrayList<>();
        for (Node output : graph.outputs()) {
            heads.add(writer.head(output));
        }
        writer.json = writer.symbol(heads);
        return writer;
    }

    /** The symbol. */
    String json() {
        return json;
    }

    /** The symbol's weights, by their names in the symbol. */
    Map<String, Weight> weights() {
        return weights;
    }

    /** What comes of weights, and of inputs of one shape, alone has the same shape in every run. */
    private void fix(Node node) {
        List<int[]> shapes = node.arguments().stream().map(a -> fixed.get(a.id())).toList();
        if (node.isResult() && shapes.stream().noneMatch(Objects::isNull)) {
            fixed.put(node.id(), node.operation().shape(node.name(), shapes));
        }
    }

    private int append(Node node) {
        if (node.isResult()) {
            return node.operation().accept(this);
        }
        if (!handedIn.contains(node.id())) {
            weights.put(nameOf(node), new Weight(node.name(), /* widened= */ false));
        }
        return append("null", nameOf(node), Map.of(), List.of());
    }

    /**
     * What is handed out; a tensor that was handed in as a copy, as only results have gradients.
     */
    private int head(Node output) {
        int place = places.get(output.id());
        return output.isResult() ? place : appendTo(place, "_copy", Map.of());
    }

    private String symbol(List<Integer> outputs) {
        ObjectNode root = JSON.createObjectNode();
        root.set("nodes", written);
        ArrayNode arguments = root.putArray("arg_nodes");
        ArrayNode rows = root.putArray("node_row_ptr");
        for (int i = 0; i < written.size(); i++) {
            rows.add(i);
            if (written.get(i).get("op").textValue().equals("null")) {
                arguments.add(i);
            }
        }
        rows.add(written.size());
        ArrayNode heads = root.putArray("heads");
        outputs.forEach(output -> heads.addArray().add(output).add(0).add(0));
        root.putObject("attrs").putArray("mxnet_version").add("int").add(MXNET_VERSION);
        return root.toString();
    }

    private int append(
            String operator, String name, Map<String, String> attributes, List<Integer> inputs) {
        ObjectNode node = written.addObject();
        node.put("op", operator);
        node.put("name", name);
        if (!attributes.isEmpty()) {
            ObjectNode attrs = node.putObject("attrs");
            attributes.forEach(attrs::put);
        }
        ArrayNode in = node.putArray("inputs");
        inputs.forEach(place -> in.addArray().add(place).add(0).add(0));
        return written.size() - 1;
    }

    private int append(String operator, Map<String, String> attributes) {
        return append(operator, "n" + written.size(), attributes, arguments());
    }

    private List<Integer> arguments() {
        List<Integer> arguments = new ArrayList<>();
        current.arguments().forEach(argument -> arguments.add(places.get(argument.id())));
        return arguments;
    }

    private int appendTo(int place, String operator, Map<String, String> attributes) {
        return append(operator, "n" + written.size(), attributes, List.of(place));
    }

    /** The kernel's sizes are attributes of the operator, so they must be known beforehand. */
    private int[] kernel() {
        int[] kernel = fixed.get(current.arguments().get(1).id());
        if (kernel == null) {
            throw new IllegalArgumentException(
                    "%s needs its second argument to come of weights alone, or an input of one shape"
                            .formatted(current.operation()));
        }
        return kernel;
    }

    private String noBias() {
        return current.arguments().size() < 3 ? "1" : "0";
    }

    @Override
    public Integer conv2d(Operation.Conv2d how) {
        if (current.arguments().get(1).isResult()) {
            // what a convolution gives as its gradient other operations cannot take
            throw new IllegalArgumentException(how + " needs its second argument to be a weight");
        }
        int[] kernel = kernel().clone();
        Operation.Conv2d op = how;
        List<Integer> arguments = arguments();
        if (handedIn.contains(current.arguments().get(1).id())) {
            // oneDNN turns kernels into a layout of its own where they lie
            arguments.set(1, appendTo(arguments.get(1), "_copy", Map.of()));
        }
        if (widened.contains(current.id())) {
            kernel[IMAGE_RANK - 1] += 2;
            op = WrongConvolution.widened(how);
            Node weight = current.arguments().get(1);
            if (handedIn.contains(weight.id())) {
                throw new IllegalArgumentException(
                        how + " cannot be done right with a kernel that is handed in");
            }
            String name = nameOf(weight) + "_for_" + current.id();
            weights.put(name, new Weight(weight.name(), /* widened= */ true));
            arguments.set(1, append("null", name, Map.of(), List.of()));
        }
        return append(
                "Convolution",
                "n" + written.size(),
                Map.of(
                        "kernel", tuple(kernel[2], kernel[3]),
                        "num_filter", Integer.toString(kernel[0]),
                        "stride", tuple(op.strideRows(), op.strideColumns()),
                        "pad", tuple(op.padRows(), op.padColumns()),
                        "dilate", tuple(op.dilationRows(), op.dilationColumns()),
                        "num_group", Integer.toString(op.groups()),
                        "no_bias", noBias()),
                arguments);
    }

    @Override
    public Integer dense(Operation.Dense op) {
        return append(
                "FullyConnected",
                Map.of(
                        "num_hidden", Integer.toString(kernel()[0]),
                        "flatten", "0",
                        "no_bias", noBias()));
    }

    @Override
    public Integer matMul(Operation.MatMul op) {
        return append(
                "batch_dot",
                Map.of(
                        "transpose_a", op.transposeA() ? "1" : "0",
                        "transpose_b", op.transposeB() ? "1" : "0"));
    }

    @Override
    public Integer layerNorm(Operation.LayerNorm op) {
        return append("LayerNorm", Map.of("axis", "-1", "eps", Double.toString(op.epsilon())));
    }

    @Override
    public Integer unary(Operation.Unary op) {
        return switch (op) {
            case SOFTMAX -> append("softmax", Map.of("axis", "-1"));
            case GELU -> append("LeakyReLU", Map.of("act_type", "gelu"));
            case RELU -> append("Activation", Map.of("act_type", "relu"));
            case SIGMOID -> append("Activation", Map.of("act_type", "sigmoid"));
            case TANH -> append("Activation", Map.of("act_type", "tanh"));
            case SQRT -> append("sqrt", Map.of());
        };
    }

    @Override
    public Integer binary(Operation.Binary op) {
        return switch (op) {
            case ADD -> append("broadcast_add", Map.of());
            case SUBTRACT -> append("broadcast_sub", Map.of());
            case MULTIPLY -> append("broadcast_mul", Map.of());
            case DIVIDE -> append("broadcast_div", Map.of());
        };
    }

    @Override
    public Integer scalar(Operation.Scalar op) {
        int scaled = append("_mul_scalar", Map.of("scalar", Double.toString(op.factor())));
        return appendTo(scaled, "_plus_scalar", Map.of("scalar", Double.toString(op.shift())));
    }

    @Override
    public Integer reshape(Operation.Reshape op) {
        return append("Reshape", Map.of("shape", tuple(op.sizes().values())));
    }

    @Override
    public Integer transpose(Operation.Transpose op) {
        return append("transpose", Map.of("axes", tuple(op.order().values())));
    }

    @Override
    public Integer slice(Operation.Slice op) {
        return append(
                "slice_axis",
                Map.of(
                        "axis", Integer.toString(op.axis()),
                        "begin", Integer.toString(op.begin()),
                        "end",
                                op.end() == Operation.Slice.TO_END
                                        ? "None"
                                        : Integer.toString(op.end())));
    }

    @Override
    public Integer concat(Operation.Concat op) {
        return append(
                "Concat",
                Map.of(
                        "dim", Integer.toString(op.axis()),
                        "num_args", Integer.toString(current.arguments().size())));
    }

    private static String tuple(int... values) {
        String inner =
                Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return values.length == 1 ? "(" + inner + ",)" : "(" + inner + ")";
    }
}
