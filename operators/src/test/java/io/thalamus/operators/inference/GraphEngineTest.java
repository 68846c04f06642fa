/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Operation.Slice;
import io.thalamus.operators.inference.TensorGraph.Node;
import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every engine computes what {@link ReferenceEngine} says, whatever the sizes. */
@ParameterizedClass
@MethodSource("io.thalamus.operators.inference.TestEngines#names")
class GraphEngineTest extends RandomNetworks {
    private static final int[] SIZES = {1, 2, 3, 7, 16, 31};
    private static final double TOLERANCE = 1e-5;

    /** Gives each task a thread of its own. */
    private static final Executor OWN = task -> new Thread(task).start();

    @Parameter private String name;

    private GraphEngine engine;

    GraphEngineTest() {
        super(20250101);
    }

    @BeforeEach
    void open() {
        engine = GraphEngines.open(name);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void goesByItsName() {
        assertThat(engine.name()).isEqualTo(name);
    }

    @Test
    void convolves() {
        for (int size : SIZES) {
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
                    compare(
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
    void convolvesEachChannelAlone() {
        compare(
                (g, x) ->
                        g.conv2d(
                                x[0],
                                weight(g, 13, 1, 1, 17),
                                weight(g, 13),
                                new Conv2d(1, 1, 0, 8, 1, 1, 13)),
                tensor(2, 13, 1, 37));
    }

    @Test
    void convolvesAnImageSmallerThanTheKernel() {
        compare(
                (g, x) ->
                        g.conv2d(x[0], weight(g, 8, 4, 11, 11), weight(g, 8), Conv2d.padded(5, 5)),
                tensor(2, 4, 1, 3));
    }

    /** See {@link WrongConvolution}: the library alone is wrong by whole numbers here. */
    @Test
    void convolvesAnImageTwoColumnsNarrowerThanTheKernel() {
        for (int kernel : new int[] {5, 9, 11, 13, 17}) {
            for (int out : new int[] {32, 64, 96, 128}) {
                for (int columns = kernel - 3; columns <= kernel; columns++) {
                    compare(
                            (g, x) ->
                                    g.conv2d(
                                            x[0],
                                            weight(g, out, 16, 1, kernel),
                                            weight(g, out),
                                            Conv2d.padded(0, kernel / 2)),
                            tensor(2, 16, 2, columns));
                }
            }
        }
    }

    /** One kernel, used by a convolution that must be widened and by one that must not. */
    @Test
    void widensAKernelOnlyWhereItMust() {
        compare(
                (g, x) -> {
                    Node kernel = weight(g, 64, 64, 1, 9);
                    Conv2d how = Conv2d.padded(0, 4);
                    Node narrow = g.conv2d(x[0], kernel, how);
                    Node wide = g.conv2d(g.concat(3, narrow, narrow), kernel, how);
                    return g.conv2d(g.slice(wide, 3, 0, 7), kernel, how);
                },
                tensor(1, 64, 1, 7));
    }

    @Test
    void multipliesByWeights() {
        for (int rows : SIZES) {
            for (int width : SIZES) {
                Tensor flat = tensor(rows, width);
                compare((g, x) -> g.dense(x[0], weight(g, 5, width), weight(g, 5)), flat);
                compare((g, x) -> g.dense(x[0], weight(g, rows, width)), flat);
                Tensor tokens = tensor(2, rows, width);
                compare((g, x) -> g.dense(x[0], weight(g, 3, width), weight(g, 3)), tokens);
                Tensor images = tensor(2, 1, rows, width);
                compare((g, x) -> g.dense(x[0], weight(g, 1, width), weight(g, 1)), images);
            }
        }
    }

    @Test
    void multipliesMatrices() {
        for (int batch : new int[] {1, 5}) {
            for (int size : SIZES) {
                Tensor a = tensor(batch, size, 7);
                Tensor across = tensor(batch, 7, size);
                Tensor b = tensor(batch, 7, 3);
                Tensor acrossB = tensor(batch, 3, 7);
                compare((g, x) -> g.matMul(x[0], x[1], false, false), a, b);
                compare((g, x) -> g.matMul(x[0], x[1], true, false), across, b);
                compare((g, x) -> g.matMul(x[0], x[1], false, true), a, acrossB);
                compare((g, x) -> g.matMul(x[0], x[1], true, true), across, acrossB);
            }
        }
    }

    @Test
    void normalisesLayers() {
        for (int size : SIZES) {
            for (int[] shape : new int[][] {{size}, {3, size}, {2, 5, size}, {2, 1, 3, size}}) {
                for (double epsilon : new double[] {1e-5, 1e-3, 0.5}) {
                    compare(
                            (g, x) -> g.layerNorm(x[0], weight(g, size), weight(g, size), epsilon),
                            tensor(shape));
                }
            }
        }
    }

    @Test
    void normalisesLayersOfConstantsToTheOffset() {
        Tensor constant = tensor(2, 8);
        Arrays.fill(constant.data(), 3.25f);
        compare((g, x) -> g.layerNorm(x[0], weight(g, 8), weight(g, 8), 1e-5), constant);
    }

    @Test
    void appliesFunctions() {
        List<Function<TensorGraph, UnaryOperator<Node>>> functions =
                List.of(
                        g -> g::softmax,
                        g -> g::gelu,
                        g -> g::relu,
                        g -> g::sigmoid,
                        g -> g::tanh,
                        g -> x -> g.sqrt(g.relu(x)),
                        g -> x -> g.scale(x, -0.37, 1.75),
                        g -> x -> g.scale(x, 1e-3, 0));
        for (Function<TensorGraph, UnaryOperator<Node>> function : functions) {
            for (int size : SIZES) {
                for (int[] shape : new int[][] {{size}, {3, size}, {2, size, 5}, {1, 2, 3, size}}) {
                    Tensor values = tensor(shape);
                    for (int i = 0; i < values.size(); i++) {
                        values.data()[i] *= 8;
                    }
                    compare((g, x) -> function.apply(g).apply(x[0]), values);
                }
            }
        }
    }

    @Test
    void usesTheExactGaussianErrorLinearUnit() {
        // the tanh approximation is off by up to 5e-4 here
        float[] values = new float[1001];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i - 500) / 100f;
        }
        Tensor exact = run(new ReferenceEngine(), Tensor.of(values, 1, 1001), TensorGraph::gelu);
        Tensor found = run(engine, Tensor.of(values, 1, 1001), TensorGraph::gelu);
        for (int i = 0; i < values.length; i++) {
            assertThat(found.data()[i])
                    .as("gelu(%s)", values[i])
                    .isCloseTo(exact.data()[i], within(2e-6f));
        }
    }

    @Test
    void takesTheSoftmaxOfLargeValues() {
        compare((g, x) -> g.softmax(x[0]), Tensor.of(new float[] {1e4f, 1e4f, -1e4f, 3}, 2, 2));
    }

    private static Tensor run(
            GraphEngine engine, Tensor x, BiFunction<TensorGraph, Node, Node> function) {
        TensorGraph graph = new TensorGraph("function");
        graph.output(function.apply(graph, graph.input("x")));
        Tensor result = Tensor.empty();
        try (CompiledSegment segment = engine.compile(graph, Map.of())) {
            segment.run(List.of(x), List.of(result));
        }
        return result;
    }

    @Test
    void combinesTensorsElementByElement() {
        int[][][] pairs = {
            {{5}, {5}},
            {{3, 5}, {5}},
            {{3, 5}, {3, 1}},
            {{1, 5}, {3, 1}},
            {{2, 3, 5}, {3, 5}},
            {{7}, {2, 1, 7}},
            {{2, 1, 5, 1}, {3, 1, 7}},
            {{1}, {4, 3}},
            {{1, 1, 1}, {1}}
        };
        for (int[][] pair : pairs) {
            Tensor a = tensor(pair[0]);
            Tensor b = tensor(pair[1]);
            for (int i = 0; i < b.size(); i++) {
                b.data()[i] += Math.copySign(0.5f, b.data()[i]);
            }
            compare((g, x) -> g.add(x[0], x[1]), a, b);
            compare((g, x) -> g.subtract(x[0], x[1]), a, b);
            compare((g, x) -> g.multiply(x[0], x[1]), a, b);
            compare((g, x) -> g.divide(x[0], x[1]), a, b);
            compare((g, x) -> g.subtract(weight(g, pair[0]), x[1]), a, b);
        }
    }

    @Test
    void reshapes() {
        Tensor x = tensor(2, 3, 4, 5);
        for (int[] shape :
                new int[][] {
                    {120},
                    {-1},
                    {0, -1},
                    {0, 0, -1},
                    {0, 3, 20},
                    {6, -1, 5},
                    {1, 0, 8, 5, 1},
                    {5, 24}
                }) {
            compare((g, n) -> g.reshape(n[0], shape), x);
        }
    }

    @Test
    void transposes() {
        compare((g, x) -> g.transpose(x[0], 0), tensor(7));
        compare((g, x) -> g.transpose(x[0], 1, 0), tensor(3, 7));
        compare((g, x) -> g.transpose(x[0], 2, 0, 1), tensor(2, 3, 7));
        compare((g, x) -> g.transpose(x[0], 0, 2, 1), tensor(1, 5, 1));
        compare((g, x) -> g.transpose(x[0], 3, 1, 0, 2), tensor(2, 3, 4, 5));
        // what follows a transposition must not see the old order
        compare((g, x) -> g.reshape(g.transpose(x[0], 1, 0), 21), tensor(3, 7));
    }

    @Test
    void slices() {
        Tensor x = tensor(4, 5, 6);
        for (int axis = 0; axis < 3; axis++) {
            for (int[] range :
                    new int[][] {{0, 1}, {1, 3}, {-2, Slice.TO_END}, {0, -1}, {-3, -1}}) {
                int on = axis;
                compare((g, n) -> g.slice(n[0], on, range[0], range[1]), x);
            }
        }
        compare((g, n) -> g.slice(n[0], 0, 0, 1), tensor(1));
    }

    @Test
    void concatenates() {
        compare((g, x) -> g.concat(0, x), tensor(1, 3), tensor(4, 3), tensor(2, 3));
        compare((g, x) -> g.concat(1, x), tensor(2, 1, 3), tensor(2, 5, 3));
        compare((g, x) -> g.concat(2, x[0], x[0], x[1]), tensor(2, 3, 4), tensor(2, 3, 1));
        compare((g, x) -> g.concat(0, x), tensor(5));
    }

    @Test
    void handsOutInputsAndWeightsAndTheSameTensorTwice() {
        compare(
                (g, x) -> {
                    g.output(x[0]);
                    g.output(g.scale(x[0], 2, 0));
                    Node weight = weight(g, 3);
                    g.output(weight);
                    return g.add(x[0], weight);
                },
                tensor(2, 3));
    }

    /** Graphs as they come: every engine must agree with the reference on all of them. */
    @Test
    void runsAnyGraph() {
        for (int seed = 0; seed < 60; seed++) {
            RandomGraph graph = new RandomGraph(seed);
            compare("random graph " + seed, graph.graph(), graph.weights(), graph.inputs());
        }
    }

    @Test
    void givesTheSameBitsAgainAndAfterOtherShapes() {
        TensorGraph graph = new TensorGraph("head");
        graph.output(graph.softmax(graph.dense(graph.input("x"), weight(graph, 5, 7))));
        try (CompiledSegment segment = engine.compile(graph, weights)) {
            Tensor x = tensor(3, 4, 7);
            Tensor first = Tensor.empty();
            Tensor other = Tensor.empty();
            Tensor again = Tensor.empty();
            segment.run(List.of(x), List.of(first));
            segment.run(List.of(tensor(11, 4, 7)), List.of(other));
            segment.run(List.of(x), List.of(again));
            assertThat(values(again)).isEqualTo(values(first));
        }
    }

    @Test
    void readsOnlyTheTensorNotTheRestOfItsArray() {
        TensorGraph graph = new TensorGraph("double");
        graph.output(graph.scale(graph.input("x"), 2, 0));
        Tensor reused = Tensor.of(new float[] {9, 9, 9, 9, 9, 9}, 6).reshape(1, 2);
        reused.data()[0] = 1;
        reused.data()[1] = 2;
        Tensor result = Tensor.of(new float[100], 100);
        try (CompiledSegment segment = engine.compile(graph, Map.of())) {
            segment.run(List.of(reused), List.of(result));
        }
        assertThat(result.shape()).containsExactly(1, 2);
        assertThat(values(result)).containsExactly(2, 4);
    }

    @Test
    void mayWriteItsResultOverItsInput() {
        TensorGraph graph = new TensorGraph("swap");
        Node a = graph.input("a");
        Node b = graph.input("b");
        graph.output(graph.scale(b, 1, 0));
        graph.output(graph.scale(a, 1, 0));
        Tensor left = Tensor.of(new float[] {1, 2}, 2);
        Tensor right = Tensor.of(new float[] {3, 4}, 2);
        try (CompiledSegment segment = engine.compile(graph, Map.of())) {
            segment.run(List.of(left, right), List.of(left, right));
        }
        assertThat(values(left)).containsExactly(3, 4);
        assertThat(values(right)).containsExactly(1, 2);
    }

    @Test
    void namesTheMissingWeight() {
        TensorGraph graph = new TensorGraph("head");
        graph.output(graph.dense(graph.input("x"), graph.weight("projection.weight")));
        assertThatThrownBy(() -> engine.compile(graph, Map.of("other", tensor(1))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("graph head")
                .hasMessageContaining("projection.weight");
    }

    @Test
    void objectsToShapesThatDoNotFitAndGoesOn() {
        Map<String, BiFunction<TensorGraph, Node, Node>> misfits = new HashMap<>();
        misfits.put("Dense", (g, x) -> g.dense(x, weight(g, 3, 6)));
        misfits.put(
                "Conv2d",
                (g, x) -> g.conv2d(x, weight(g, 1, 1, 1, 1), weight(g, 1), Conv2d.padded(0, 0)));
        misfits.put("LayerNorm", (g, x) -> g.layerNorm(x, weight(g, 6), weight(g, 6), 1e-5));
        misfits.put("MatMul", (g, x) -> g.matMul(x, x, false, false));
        misfits.put("ADD", (g, x) -> g.add(x, weight(g, 4)));
        misfits.put("Reshape", (g, x) -> g.reshape(x, 7, -1));
        misfits.put("Transpose", (g, x) -> g.transpose(x, 1, 0));
        misfits.put("Slice", (g, x) -> g.slice(x, 1, 2, 4));
        misfits.put("Concat", (g, x) -> g.concat(0, x, g.slice(x, 2, 0, 1)));
        misfits.forEach(
                (operation, misfit) -> {
                    TensorGraph graph = new TensorGraph("misfit");
                    Node x = graph.input("x");
                    graph.output(misfit.apply(graph, x));
                    try (CompiledSegment segment = engine.compile(graph, weights)) {
                        assertThatThrownBy(
                                        () ->
                                                segment.run(
                                                        List.of(tensor(2, 3, 5)),
                                                        List.of(Tensor.empty())))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("graph misfit")
                                .hasMessageContaining(operation)
                                .hasMessageContaining("[2, 3, 5]");
                    }
                });
        compare((g, x) -> g.relu(x[0]), tensor(2, 3, 5));
    }

    @Test
    void recoversFromInputsThatDoNotFit() {
        TensorGraph graph = new TensorGraph("head");
        graph.output(graph.dense(graph.input("x"), weight(graph, 3, 5)));
        Tensor good = tensor(2, 5);
        Tensor before = Tensor.empty();
        Tensor after = Tensor.empty();
        try (CompiledSegment segment = engine.compile(graph, weights)) {
            segment.run(List.of(good), List.of(before));
            assertThatThrownBy(() -> segment.run(List.of(tensor(2, 6)), List.of(after)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> segment.run(List.of(good, good), List.of(after)))
                    .isInstanceOf(IllegalArgumentException.class);
            segment.run(List.of(good), List.of(after));
            assertThat(values(after)).isEqualTo(values(before));
        }
    }

    /** Time and again, as a library may turn a kernel into a layout of its own where it lies. */
    @Test
    void aKernelMayBeHandedInIfItsShapeIsKnown() {
        Conv2d how = Conv2d.padded(1, 1);
        TensorGraph handed = new TensorGraph("handed");
        handed.output(handed.conv2d(handed.input("x"), handed.input("kernel", 16, 8, 3, 3), how));
        try (CompiledSegment segment = engine.compile(handed, Map.of())) {
            Tensor found = Tensor.empty();
            for (int i = 0; i < 3; i++) {
                Tensor x = tensor(1, 8, 5, 6);
                Tensor kernel = tensor(16, 8, 3, 3);
                TensorGraph graph = new TensorGraph("stored");
                graph.output(graph.conv2d(graph.input("x"), graph.weight("kernel"), how));
                try (CompiledSegment stored = engine.compile(graph, Map.of("kernel", kernel))) {
                    Tensor expected = Tensor.empty();
                    stored.run(List.of(x), List.of(expected));
                    segment.run(List.of(x, kernel), List.of(found));
                    assertThat(values(found)).isEqualTo(values(expected));
                }
            }
            Tensor narrow = tensor(16, 8, 3, 2);
            assertThatThrownBy(
                            () -> segment.run(List.of(tensor(1, 8, 5, 6), narrow), List.of(found)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("input kernel of graph handed is [16, 8, 3, 3], not [16, 8, 3, 2]");
        }
    }

    @Test
    void keepsItsWeightsWhateverTheCallerDoesToTheirs() {
        TensorGraph graph = new TensorGraph("head");
        graph.output(graph.dense(graph.input("x"), weight(graph, 3, 5)));
        Tensor x = tensor(2, 5);
        Tensor before = Tensor.empty();
        Tensor after = Tensor.empty();
        try (CompiledSegment segment = engine.compile(graph, weights)) {
            segment.run(List.of(x), List.of(before));
            weights.values().forEach(weight -> Arrays.fill(weight.data(), 0));
            segment.run(List.of(x), List.of(after));
            assertThat(values(after)).isEqualTo(values(before));
        }
    }

    /** Memory that one run leaves behind shows after thousands. */
    @Test
    void leavesNothingBehind() {
        int size = 64 * 1024;
        TensorGraph graph = new TensorGraph("large");
        Node x = graph.input("x");
        Node weight = weight(graph, size);
        // a weight comes first, so that what is made of it may end up where the weights are
        Node sum = graph.add(weight, graph.subtract(weight, x));
        graph.output(graph.reshape(graph.scale(sum, 2, 1), -1, 64));
        Tensor input = tensor(1, size);
        Tensor result = Tensor.empty();
        try (CompiledSegment segment = engine.compile(graph, weights)) {
            ResidentMemory.assertFlat(() -> segment.run(List.of(input), List.of(result)), 1500, 64);
        }
    }

    /** Each start of a job opens its models on new threads. */
    @Test
    void leavesNextToNothingOnThreadsThatEnd() {
        TensorGraph graph = new TensorGraph("small");
        graph.output(graph.dense(graph.input("x"), weight(graph, 3, 5)));
        Tensor x = tensor(2, 5);
        Runnable start =
                () -> {
                    try (GraphEngine own = GraphEngines.open(name);
                            CompiledSegment segment = own.compile(graph, weights)) {
                        segment.run(List.of(x), List.of(Tensor.empty()));
                    }
                };
        ResidentMemory.assertFlat(() -> CompletableFuture.runAsync(start, OWN).join(), 90, 64);
    }

    private void compare(BiFunction<TensorGraph, Node[], Node> network, Tensor... inputs) {
        TensorGraph graph = graph(network, inputs.length);
        Node last = graph.outputs().get(0);
        compare(
                last.operation() + " of " + Arrays.toString(inputs),
                graph,
                weights,
                List.of(inputs));
    }

    private void compare(
            String what, TensorGraph graph, Map<String, Tensor> values, List<Tensor> inputs) {
        List<Tensor> expected = run(new ReferenceEngine(), graph, values, inputs);
        List<Tensor> found = run(engine, graph, values, inputs);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).shape()).as(what).isEqualTo(expected.get(i).shape());
            assertThat(distance(found.get(i), expected.get(i)))
                    .as("%s, output %d: %s", what, i, Arrays.toString(values(found.get(i))))
                    .isLessThan(TOLERANCE);
        }
    }

    private static List<Tensor> run(
            GraphEngine engine,
            TensorGraph graph,
            Map<String, Tensor> values,
            List<Tensor> inputs) {
        List<Tensor> outputs = new ArrayList<>();
        graph.outputs().forEach(output -> outputs.add(Tensor.empty()));
        try (CompiledSegment segment = engine.compile(graph, values)) {
            segment.run(inputs, outputs);
        }
        return outputs;
    }

    /** The largest difference, against values of the size of one at least. */
    private static double distance(Tensor found, Tensor expected) {
        double scale = 1;
        double largest = 0;
        for (int i = 0; i < expected.size(); i++) {
            scale = Math.max(scale, Math.abs(expected.data()[i]));
            double difference = Math.abs((double) found.data()[i] - expected.data()[i]);
            largest = Double.isNaN(difference) ? difference : Math.max(largest, difference);
            if (Double.isNaN(difference)) {
                return Double.NaN;
            }
        }
        return largest / scale;
    }

    private static float[] values(Tensor tensor) {
        return Arrays.copyOf(tensor.data(), tensor.size());
    }
}
