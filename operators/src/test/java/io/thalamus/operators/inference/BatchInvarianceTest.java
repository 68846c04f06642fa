/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * MXNet gives an element the same bits in a batch of any size, of what models may have. They must
 * not have dense layers of fewer than 16 rows an element, nor convolutions whose output channels
 * are no multiple of 16: for those it chooses the way by the size of the batch. PyTorch does for
 * hardly any operation, so it is not held to this.
 */
class BatchInvarianceTest {
    private static final int LARGEST = 33;

    private final SplittableRandom random = new SplittableRandom(1);

    @ParameterizedTest
    @ValueSource(strings = {"mxnet", "mxnet-interpreter"})
    void anElementHasTheSameBitsInAnyBatch(String name) {
        try (GraphEngine engine = GraphEngines.open(name)) {
            for (int[] image : new int[][] {{16, 11, 19}, {16, 1, 48}, {5, 12, 16}, {8, 48, 2}}) {
                for (int kernel : new int[] {1, 3, 11}) {
                    Map<String, Tensor> weights =
                            Map.of(
                                    "w", tensor(16, image[0], kernel, kernel),
                                    "b", tensor(16));
                    Conv2d how = Conv2d.padded(kernel / 2, kernel / 2);
                    check(
                            engine,
                            (g, x) -> g.conv2d(x, g.weight("w"), g.weight("b"), how),
                            weights,
                            image);
                }
            }
            for (int[] tokens : new int[][] {{16, 1}, {17, 5}, {31, 100}, {192, 16}, {16, 512}}) {
                Map<String, Tensor> weights =
                        Map.of("w", tensor(48, tokens[1]), "b", tensor(48), "d", tensor(tokens[1]));
                check(engine, (g, x) -> g.dense(x, g.weight("w"), g.weight("b")), weights, tokens);
                check(engine, (g, x) -> g.dense(x, g.weight("w")), weights, tokens);
                check(
                        engine,
                        (g, x) -> g.layerNorm(x, g.weight("d"), g.weight("d"), 1e-5),
                        weights,
                        tokens);
            }
            for (int[] shape : new int[][] {{1, 1}, {1, 7}, {3, 5}, {31, 16}, {2, 192}}) {
                check(engine, (g, x) -> g.softmax(x), Map.of(), shape);
                check(engine, (g, x) -> g.gelu(x), Map.of(), shape);
                check(engine, (g, x) -> g.sigmoid(x), Map.of(), shape);
                check(engine, (g, x) -> g.tanh(x), Map.of(), shape);
                check(engine, (g, x) -> g.scale(x, 1.7, -0.3), Map.of(), shape);
                check(engine, (g, x) -> g.matMul(x, x, false, true), Map.of(), shape);
                check(engine, (g, x) -> g.matMul(x, x, true, false), Map.of(), shape);
            }
        }
    }

    private void check(
            GraphEngine engine,
            BiFunction<TensorGraph, Node, Node> network,
            Map<String, Tensor> weights,
            int... element) {
        TensorGraph graph = new TensorGraph("batch");
        Node last = network.apply(graph, graph.input("x"));
        graph.output(last);
        int[] shape = new int[element.length + 1];
        System.arraycopy(element, 0, shape, 1, element.length);
        shape[0] = LARGEST;
        Tensor all = tensor(shape);
        Tensor together = Tensor.empty();
        try (CompiledSegment segment = engine.compile(graph, weights)) {
            segment.run(List.of(all), List.of(together));
            for (int count : new int[] {1, 2, 3, 8, 17}) {
                shape[0] = count;
                float[] some = Arrays.copyOf(all.data(), Tensor.size(shape));
                Tensor apart = Tensor.empty();
                segment.run(List.of(Tensor.of(some, shape)), List.of(apart));
                assertThat(Arrays.copyOf(apart.data(), apart.size()))
                        .as("%s of %s", last.operation(), Arrays.toString(shape))
                        .isEqualTo(Arrays.copyOf(together.data(), apart.size()));
            }
        }
    }

    private Tensor tensor(int... shape) {
        float[] values = new float[Tensor.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * random.nextDouble() - 1);
        }
        return Tensor.of(values, shape);
    }
}
