/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.TensorGraph.Node;
import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The gradients of every operation are the central differences of what {@link ReferenceEngine} says
 * that the operation computes.
 */
class GradientTest extends RandomNetworks {
    private static final int[] SIZES = {1, 2, 3, 7, 16};
    private static final double STEP = 1.0 / 128;
    private static final double TOLERANCE = 2e-3;

    /** Elements of a tensor that are moved one by one; of smaller tensors all are. */
    private static final int PROBES = 24;

    private GraphEngine engine;

    GradientTest() {
        super(20250202);
    }

    @BeforeEach
    void open() {
        engine = GraphEngines.open("mxnet");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void ofConvolutions() {
        for (int size : new int[] {1, 2, 7}) {
            for (Conv2d how :
                    List.of(
                            Conv2d.padded(0, 0),
                            Conv2d.padded(1, 2),
                            new Conv2d(2, 3, 1, 0, 1, 1, 1),
                            new Conv2d(1, 1, 2, 3, 2, 3, 1),
                            new Conv2d(3, 1, 3, 1, 2, 1, 2))) {
                int in = 3 * how.groups();
                int out = 5 * how.groups();
                for (int[] kernel : new int[][] {{1, 1}, {2, 3}, {1, 5}, {3, 1}}) {
                    int rows = kernel[0] * how.dilationRows() + size - 1;
                    int columns = kernel[1] * how.dilationColumns() + 2 * size;
                    check(
                            (g, x) ->
                                    g.conv2d(
                                            x[0],
                                            weight(g, out, 3, kernel[0], kernel[1]),
                                            weight(g, out),
                                            how),
                            tensor(size % 4 + 1, in, rows, columns));
                }
            }
        }
    }

    @Test
    void ofAConvolutionOfEachChannelAlone() {
        check(
                (g, x) -> g.conv2d(x[0], weight(g, 13, 1, 1, 17), new Conv2d(1, 1, 0, 8, 1, 1, 13)),
                tensor(2, 13, 1, 37));
    }

    /** Kernels in whole blocks of channels have routines of their own in the library. */
    @Test
    void ofConvolutionsOfWholeBlocks() {
        for (int[] channels : new int[][] {{16, 32}, {32, 16}}) {
            for (int[] image : new int[][] {{2, 11}, {11, 2}, {12, 16}, {1, 24}, {7, 8}}) {
                int rows = Math.min(5, image[0] - 1);
                int columns = Math.min(5, image[1] - 1);
                check(
                        (g, x) ->
                                g.conv2d(
                                        x[0],
                                        weight(
                                                g,
                                                channels[1],
                                                channels[0],
                                                2 * rows + 1,
                                                2 * columns + 1),
                                        weight(g, channels[1]),
                                        Conv2d.padded(rows, columns)),
                        tensor(2, channels[0], image[0], image[1]));
            }
        }
    }

    /** See {@link WrongConvolution}. */
    @Test
    void ofConvolutionsOfImagesNarrowerThanTheKernel() {
        for (int kernel : new int[] {5, 9, 11, 13}) {
            for (int columns = kernel / 2; columns <= kernel; columns++) {
                Tensor image = tensor(2, 16, 2, columns);
                check(
                        (g, x) ->
                                g.conv2d(
                                        x[0],
                                        weight(g, 32, 16, 1, kernel),
                                        weight(g, 32),
                                        Conv2d.padded(0, kernel / 2)),
                        image);
            }
        }
    }

    /** One kernel, used by a convolution that must be widened and by one that must not. */
    @Test
    void ofAKernelThatIsWidenedInOnePlace() {
        check(
                (g, x) -> {
                    Node kernel = weight(g, 64, 64, 1, 9);
                    Conv2d how = Conv2d.padded(0, 4);
                    Node narrow = g.conv2d(x[0], kernel, how);
                    Node wide = g.conv2d(g.concat(3, narrow, narrow), kernel, how);
                    return g.scale(wide, 1e-3, 0);
                },
                tensor(1, 64, 1, 7));
    }

    @Test
    void ofProducts() {
        for (int rows : SIZES) {
            for (int width : SIZES) {
                check(
                        (g, x) -> g.dense(x[0], weight(g, 5, width), weight(g, 5)),
                        tensor(rows, width));
                check((g, x) -> g.dense(x[0], weight(g, 3, width)), tensor(2, rows, width));
            }
        }
        for (int size : SIZES) {
            Tensor a = tensor(3, size, 7);
            Tensor across = tensor(3, 7, size);
            Tensor b = tensor(3, 7, 4);
            Tensor acrossB = tensor(3, 4, 7);
            check((g, x) -> g.matMul(x[0], x[1], false, false), a, b);
            check((g, x) -> g.matMul(x[0], x[1], true, false), across, b);
            check((g, x) -> g.matMul(x[0], x[1], false, true), a, acrossB);
            check((g, x) -> g.matMul(x[0], x[1], true, true), across, acrossB);
        }
    }

    @Test
    void ofLayerNormalisations() {
        for (int[] shape : new int[][] {{5}, {3, 16}, {2, 5, 7}, {2, 1, 3, 4}}) {
            int size = shape[shape.length - 1];
            check(
                    (g, x) -> g.layerNorm(x[0], weight(g, size), weight(g, size), 0.1),
                    tensor(shape));
        }
    }

    @Test
    void ofFunctions() {
        List<Function<TensorGraph, UnaryOperator<Node>>> functions =
                List.of(
                        g -> g::softmax,
                        g -> g::gelu,
                        g -> g::relu,
                        g -> g::sigmoid,
                        g -> g::tanh,
                        g -> x -> g.sqrt(g.scale(g.sigmoid(x), 1, 0.5)),
                        g -> x -> g.scale(x, -0.37, 1.75));
        for (Function<TensorGraph, UnaryOperator<Node>> function : functions) {
            for (int size : SIZES) {
                check((g, x) -> function.apply(g).apply(x[0]), awayFromZero(3, size));
                check((g, x) -> function.apply(g).apply(x[0]), awayFromZero(2, 1, size, 2));
            }
        }
    }

    @Test
    void ofCombinations() {
        int[][] shapes = {{2, 3, 4}, {2, 1, 4}, {1, 3, 1}, {4}, {1}, {3, 4}};
        for (int[] left : shapes) {
            for (int[] right : shapes) {
                check((g, x) -> g.add(x[0], x[1]), tensor(left), tensor(right));
                check((g, x) -> g.subtract(x[0], x[1]), tensor(left), tensor(right));
                check((g, x) -> g.multiply(x[0], x[1]), tensor(left), tensor(right));
                check((g, x) -> g.divide(x[0], x[1]), tensor(left), awayFromZero(right));
                check((g, x) -> g.multiply(x[0], weight(g, right)), tensor(left));
            }
        }
        check((g, x) -> g.multiply(x[0], x[0]), tensor(3, 2));
    }

    @Test
    void ofRearrangements() {
        check((g, x) -> g.reshape(x[0], 0, -1), tensor(2, 3, 4));
        check((g, x) -> g.reshape(x[0], 6, 2, -1), tensor(2, 3, 4));
        check((g, x) -> g.transpose(x[0], 2, 0, 1), tensor(2, 3, 4));
        check((g, x) -> g.transpose(x[0], 0, 3, 2, 1), tensor(2, 3, 1, 4));
        for (int axis = 0; axis < 3; axis++) {
            int along = axis;
            check((g, x) -> g.slice(x[0], along, 1, 2), tensor(2, 3, 4));
            check((g, x) -> g.slice(x[0], along, -1, Operation.Slice.TO_END), tensor(2, 3, 4));
            check((g, x) -> g.concat(along, x[0], x[1], x[0]), tensor(2, 3, 4), tensor(2, 3, 4));
        }
    }

    @Test
    void ofGraphsDrawnByChance() {
        for (int seed = 0; seed < 150; seed++) {
            RandomGraph drawn = new RandomGraph(seed);
            weights.clear();
            weights.putAll(drawn.weights());
            directions("graph " + seed, drawn.graph(), drawn.inputs());
        }
    }

    @Test
    void ofManyRunsThatAreGoneBackThroughLater() {
        TensorGraph graph = new TensorGraph("head");
        graph.output(graph.gelu(graph.dense(graph.input("x"), weight(graph, 3, 5))));
        List<Tensor> inputs = List.of(tensor(2, 5), tensor(7, 5), tensor(2, 5));
        List<Tensor> alone = new ArrayList<>();
        try (TrainableSegment segment = engine.compileForTraining(graph, weights)) {
            Tensor sum = Tensor.of(new float[15], 3, 5);
            for (Tensor input : inputs) {
                Tensor output = Tensor.empty();
                alone.add(Tensor.empty());
                try (TrainableSegment.Recording run =
                        segment.record(List.of(input), List.of(output))) {
                    run.backward(
                            List.of(output),
                            List.of(alone.get(alone.size() - 1)),
                            Map.of("w0", sum));
                }
            }
            List<TrainableSegment.Recording> runs = new ArrayList<>();
            List<Tensor> outputs = new ArrayList<>();
            for (Tensor input : inputs) {
                outputs.add(Tensor.empty());
                runs.add(
                        segment.record(
                                List.of(input), outputs.subList(runs.size(), outputs.size())));
            }
            Tensor together = Tensor.of(new float[15], 3, 5);
            for (int i = 0; i < runs.size(); i++) {
                Tensor gradient = Tensor.empty();
                runs.get(i)
                        .backward(
                                List.of(outputs.get(i)), List.of(gradient), Map.of("w0", together));
                runs.get(i).close();
                assertThat(values(gradient)).isEqualTo(values(alone.get(i)));
            }
            assertThat(values(together)).isEqualTo(values(sum));
        }
    }

    @Test
    void followWeightsThatAreSetAnew() {
        for (int columns : new int[] {9, 20}) {
            weights.clear();
            TensorGraph graph = new TensorGraph("convolution");
            graph.output(
                    graph.conv2d(
                            graph.input("x"),
                            weight(graph, 16, 16, 1, 11),
                            weight(graph, 16),
                            Conv2d.padded(0, 5)));
            Tensor input = tensor(2, 16, 1, columns);
            Map<String, Tensor> others = Map.of("w0", tensor(16, 16, 1, 11), "w1", tensor(16));
            Tensor expected = Tensor.empty();
            try (CompiledSegment segment = engine.compile(graph, others)) {
                segment.run(List.of(input), List.of(expected));
            }
            try (TrainableSegment segment = engine.compileForTraining(graph, weights)) {
                Tensor before = Tensor.empty();
                Tensor after = Tensor.empty();
                segment.record(List.of(input), List.of(before)).close();
                segment.set(others);
                segment.record(List.of(input), List.of(after)).close();
                assertThat(after.data()).isEqualTo(expected.data());
                assertThat(before.data()).isNotEqualTo(after.data());
                assertThatThrownBy(() -> segment.set(Map.of("w1", tensor(8))))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "weight w1 of graph convolution is a Tensor[16], not a Tensor[8]");
            }
        }
    }

    @Test
    void leaveNothingBehind() {
        TensorGraph graph = new TensorGraph("large");
        Node x = graph.input("x");
        graph.output(graph.gelu(graph.dense(x, weight(graph, 64, 64), weight(graph, 64))));
        Tensor input = tensor(1024, 64);
        Tensor output = Tensor.empty();
        Tensor gradient = Tensor.empty();
        Tensor sum = Tensor.of(new float[64 * 64], 64, 64);
        try (TrainableSegment segment = engine.compileForTraining(graph, weights)) {
            ResidentMemory.assertFlat(
                    () -> {
                        try (TrainableSegment.Recording run =
                                segment.record(List.of(input), List.of(output))) {
                            run.backward(List.of(output), List.of(gradient), Map.of("w0", sum));
                        }
                    },
                    1500,
                    64);
        }
    }

    @Test
    void areNoBusinessOfAnEngineThatKnowsNone() {
        try (GraphEngine interpreter = GraphEngines.open("mxnet-interpreter")) {
            assertThatThrownBy(
                            () ->
                                    interpreter.compileForTraining(
                                            new TensorGraph("empty"), Map.of()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(
                            "engine mxnet-interpreter cannot train a network; engine mxnet can");
        }
    }

    private Tensor awayFromZero(int... shape) {
        Tensor tensor = tensor(shape);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.data()[i] += Math.copySign(0.5f, tensor.data()[i]);
        }
        return tensor;
    }

    private void check(BiFunction<TensorGraph, Node[], Node> network, Tensor... inputs) {
        TensorGraph graph = graph(network, inputs.length);
        Node last = graph.outputs().get(0);
        String what = last.operation() + " of " + Arrays.toString(inputs);
        new Comparison(graph, List.of(inputs)).elements(what);
    }

    private void directions(String what, TensorGraph graph, List<Tensor> inputs) {
        new Comparison(graph, inputs).directions(what);
    }

    /** The gradients of a random combination of a graph's outputs, and the combination itself. */
    private final class Comparison {
        private final TensorGraph graph;
        private final List<Tensor> inputs;
        private final List<Tensor> factors = new ArrayList<>();
        private final Map<Tensor, Tensor> gradients = new LinkedHashMap<>();

        Comparison(TensorGraph graph, List<Tensor> inputs) {
            this.graph = graph;
            this.inputs = inputs;
            List<Tensor> outputs = new ArrayList<>();
            graph.outputs().forEach(output -> outputs.add(Tensor.empty()));
            List<Tensor> byInputs = new ArrayList<>();
            inputs.forEach(input -> byInputs.add(Tensor.empty()));
            Map<String, Tensor> byWeights = new HashMap<>();
            weights.forEach(
                    (name, value) ->
                            byWeights.put(name, Tensor.of(new float[value.size()], value.shape())));
            try (TrainableSegment segment = engine.compileForTraining(graph, weights);
                    TrainableSegment.Recording run = segment.record(inputs, outputs)) {
                outputs.forEach(output -> factors.add(tensor(output.shape())));
                run.backward(factors, byInputs, byWeights);
            }
            for (int i = 0; i < inputs.size(); i++) {
                assertThat(byInputs.get(i).shape()).isEqualTo(inputs.get(i).shape());
                gradients.put(inputs.get(i), byInputs.get(i));
            }
            weights.forEach((name, value) -> gradients.put(value, byWeights.get(name)));
        }

        private double combination() {
            List<Tensor> outputs = new ArrayList<>();
            factors.forEach(factor -> outputs.add(Tensor.empty()));
            try (GraphEngine exact = new ReferenceEngine();
                    CompiledSegment segment = exact.compile(graph, weights)) {
                segment.run(inputs, outputs);
            }
            double sum = 0;
            for (int i = 0; i < factors.size(); i++) {
                for (int j = 0; j < factors.get(i).size(); j++) {
                    sum += (double) factors.get(i).data()[j] * outputs.get(i).data()[j];
                }
            }
            return sum;
        }

        /** Moves one element at a time. */
        void elements(String what) {
            gradients.forEach(
                    (tensor, gradient) -> {
                        int probes = Math.min(PROBES, tensor.size());
                        for (int probe = 0; probe < probes; probe++) {
                            int at =
                                    probes == tensor.size() ? probe : random.nextInt(tensor.size());
                            float[] direction = new float[tensor.size()];
                            direction[at] = 1;
                            assertThat((double) gradient.data()[at])
                                    .as("%s: element %d of %s", what, at, tensor)
                                    .isCloseTo(
                                            slope(tensor, direction),
                                            within(TOLERANCE * Math.max(1, largest(gradient))));
                        }
                    });
        }

        /** Moves all elements of a tensor at once, in a random direction. */
        void directions(String what) {
            gradients.forEach(
                    (tensor, gradient) -> {
                        float[] direction = tensor(tensor.shape()).data();
                        double expected = 0;
                        double length = 0;
                        for (int i = 0; i < tensor.size(); i++) {
                            expected += (double) gradient.data()[i] * direction[i];
                            length += (double) gradient.data()[i] * gradient.data()[i];
                        }
                        assertThat(slope(tensor, direction))
                                .as("%s: %s", what, tensor)
                                .isCloseTo(expected, within(0.02 * Math.max(1, Math.sqrt(length))));
                    });
        }

        private double slope(Tensor tensor, float[] direction) {
            float[] before = values(tensor);
            move(tensor, before, direction, STEP);
            double above = combination();
            move(tensor, before, direction, -STEP);
            double below = combination();
            System.arraycopy(before, 0, tensor.data(), 0, before.length);
            return (above - below) / (2 * STEP);
        }

        private void move(Tensor tensor, float[] from, float[] direction, double step) {
            for (int i = 0; i < from.length; i++) {
                tensor.data()[i] = (float) (from[i] + step * direction[i]);
            }
        }

        private double largest(Tensor gradient) {
            double largest = 0;
            for (int i = 0; i < gradient.size(); i++) {
                largest = Math.max(largest, Math.abs(gradient.data()[i]));
            }
            return largest;
        }
    }

    private static float[] values(Tensor tensor) {
        return Arrays.copyOf(tensor.data(), tensor.size());
    }
}
