/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.TensorGraph.Node;
import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Every operation against values worked out by hand. */
class ReferenceEngineTest {

    @Test
    void convolvesWithGroupsStridesAndPadding() {
        // two groups of one channel; the kernel of the first picks the left neighbour
        Tensor x = Tensor.of(new float[] {1, 2, 3, 10, 20, 30}, 1, 2, 1, 3);
        Map<String, Tensor> weights =
                Map.of(
                        "w", Tensor.of(new float[] {1, 0, 0, 0, 1, 2}, 2, 1, 1, 3),
                        "b", Tensor.of(new float[] {0.5f, 0}, 2));
        assertThat(
                        run(
                                weights,
                                (g, n) ->
                                        g.conv2d(
                                                n[0],
                                                g.weight("w"),
                                                g.weight("b"),
                                                new Conv2d(1, 2, 0, 1, 1, 1, 2)),
                                x))
                .containsExactly(0.5f, 2.5f, 50, 30);
    }

    @Test
    void dilatesKernels() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5}, 1, 1, 5, 1);
        Map<String, Tensor> weights =
                Map.of(
                        "w", Tensor.of(new float[] {1, 10}, 1, 1, 2, 1),
                        "b", Tensor.of(new float[] {0}, 1));
        assertThat(
                        run(
                                weights,
                                (g, n) ->
                                        g.conv2d(
                                                n[0],
                                                g.weight("w"),
                                                g.weight("b"),
                                                new Conv2d(1, 1, 0, 0, 3, 1, 1)),
                                x))
                .containsExactly(41, 52);
    }

    @Test
    void multipliesByWeightsAndMatrices() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        Map<String, Tensor> weights =
                Map.of(
                        "w", Tensor.of(new float[] {1, 1, 0, 2, 1, 0}, 3, 2),
                        "b", Tensor.of(new float[] {0, 0, 100}, 3));
        assertThat(run(weights, (g, n) -> g.dense(n[0], g.weight("w"), g.weight("b")), x))
                .containsExactly(3, 4, 101, 7, 8, 103);
        assertThat(run(weights, (g, n) -> g.dense(n[0], g.weight("w")), x))
                .containsExactly(3, 4, 1, 7, 8, 3);
        Tensor a = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
        assertThat(run(Map.of(), (g, n) -> g.matMul(n[0], n[0], false, true), a))
                .containsExactly(14, 32, 32, 77);
        assertThat(run(Map.of(), (g, n) -> g.matMul(n[0], n[0], true, false), a))
                .containsExactly(17, 22, 27, 22, 29, 36, 27, 36, 45);
    }

    @Test
    void normalisesWithPopulationVariance() {
        Tensor x = Tensor.of(new float[] {1, 3, 5, 5}, 2, 2);
        Map<String, Tensor> weights =
                Map.of(
                        "g", Tensor.of(new float[] {1, 2}, 2),
                        "b", Tensor.of(new float[] {0, 7}, 2));
        assertThat(run(weights, (g, n) -> g.layerNorm(n[0], g.weight("g"), g.weight("b"), 0.25), x))
                .containsExactly(
                        (float) (-1 / Math.sqrt(1.25)), (float) (2 / Math.sqrt(1.25) + 7), 0, 7);
    }

    @Test
    void appliesFunctions() {
        Tensor x = Tensor.of(new float[] {-1, 0, 1}, 1, 3);
        assertThat(run(Map.of(), (g, n) -> g.gelu(n[0]), x))
                .containsExactly(-0.15865526f, 0, 0.84134475f);
        assertThat(run(Map.of(), (g, n) -> g.relu(n[0]), x)).containsExactly(0, 0, 1);
        assertThat(run(Map.of(), (g, n) -> g.sigmoid(n[0]), x))
                .containsExactly(0.26894143f, 0.5f, 0.7310586f);
        assertThat(run(Map.of(), (g, n) -> g.tanh(n[0]), x))
                .containsExactly(-0.7615942f, 0, 0.7615942f);
        assertThat(run(Map.of(), (g, n) -> g.softmax(n[0]), x))
                .containsExactly(0.09003057f, 0.24472848f, 0.66524094f);
        assertThat(run(Map.of(), (g, n) -> g.scale(n[0], 3, 1), x)).containsExactly(-2, 1, 4);
    }

    @Test
    void stretchesSizesOfOne() {
        Tensor a = Tensor.of(new float[] {1, 2}, 2, 1);
        Tensor b = Tensor.of(new float[] {10, 20, 40}, 3);
        assertThat(run(Map.of(), (g, n) -> g.add(n[0], n[1]), a, b))
                .containsExactly(11, 21, 41, 12, 22, 42);
        assertThat(run(Map.of(), (g, n) -> g.subtract(n[0], n[1]), a, b))
                .containsExactly(-9, -19, -39, -8, -18, -38);
        assertThat(run(Map.of(), (g, n) -> g.multiply(n[0], n[1]), a, b))
                .containsExactly(10, 20, 40, 20, 40, 80);
        assertThat(run(Map.of(), (g, n) -> g.divide(n[1], n[0]), a, b))
                .containsExactly(10, 20, 40, 5, 10, 20);
    }

    @Test
    void rearranges() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
        assertThat(run(Map.of(), (g, n) -> g.transpose(n[0], 2, 0, 1), x))
                .containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(run(Map.of(), (g, n) -> g.slice(n[0], 2, -2, 3), x)).containsExactly(2, 3, 5, 6);
        assertThat(run(Map.of(), (g, n) -> g.concat(2, n[0], g.slice(n[0], 2, 0, 1)), x))
                .containsExactly(1, 2, 3, 1, 4, 5, 6, 4);
        assertThat(run(Map.of(), (g, n) -> g.reshape(n[0], 0, -1), x))
                .containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void knowsTheErrorFunction() {
        // Abramowitz and Stegun, table 7.1
        assertThat(ReferenceEngine.erf(0.5)).isCloseTo(0.5204998778, within(1e-10));
        assertThat(ReferenceEngine.erf(-1)).isCloseTo(-0.8427007929, within(1e-10));
        assertThat(ReferenceEngine.erf(2)).isCloseTo(0.9953222650, within(1e-10));
        assertThat(ReferenceEngine.erf(2.9999999)).isCloseTo(0.9999779095, within(1e-10));
        assertThat(ReferenceEngine.erf(3)).isCloseTo(0.9999779095, within(1e-10));
        assertThat(ReferenceEngine.erf(Double.POSITIVE_INFINITY)).isEqualTo(1);
    }

    @Test
    void namesTheMissingWeight() {
        TensorGraph graph = new TensorGraph("head");
        graph.output(graph.dense(graph.input("x"), graph.weight("w")));
        assertThatThrownBy(() -> new ReferenceEngine().compile(graph, Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("graph head has no value for weight w");
    }

    private static float[] run(
            Map<String, Tensor> weights,
            BiFunction<TensorGraph, Node[], Node> network,
            Tensor... inputs) {
        TensorGraph graph = new TensorGraph("test");
        Node[] nodes = new Node[inputs.length];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = graph.input("x" + i);
        }
        graph.output(network.apply(graph, nodes));
        Tensor output = Tensor.empty();
        try (GraphEngine engine = new ReferenceEngine();
                CompiledSegment segment = engine.compile(graph, weights)) {
            segment.run(List.of(inputs), List.of(output));
        }
        return Arrays.copyOf(output.data(), output.size());
    }
}
