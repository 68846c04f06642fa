/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.Operation;
import io.thalamus.operators.inference.ResidentMemory;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MxNetEngineTest {
    private static GraphEngine engine;

    @BeforeAll
    static void open() {
        engine = GraphEngines.open("mxnet");
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    /** Forty results of 16 MB each. */
    @Test
    void aLargeGraphDoesNotKeepAllThatLiesBetween() {
        TensorGraph graph = new TensorGraph("deep");
        Node x = graph.input("x");
        for (int i = 0; i < 40; i++) {
            x = graph.sigmoid(x);
        }
        graph.output(graph.slice(x, 1, 0, 1));
        Tensor input = Tensor.of(new float[1 << 22], 1, 1 << 22);
        Tensor output = Tensor.empty();
        try (CompiledSegment segment = engine.compile(graph, Map.of())) {
            long before = ResidentMemory.bytes();
            segment.run(List.of(input), List.of(output));
            assertThat((ResidentMemory.bytes() - before) >> 20).isLessThan(160);
        }
    }

    @Test
    void changesShapeFromCallToCall() {
        TensorGraph graph = new TensorGraph("row sums");
        Node x = graph.input("x");
        graph.output(graph.dense(x, graph.weight("ones")));
        try (CompiledSegment segment =
                engine.compile(graph, Map.of("ones", Tensor.of(new float[] {1, 1}, 1, 2)))) {
            Tensor sums = Tensor.empty();
            segment.run(List.of(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)), List.of(sums));
            assertThat(Arrays.copyOf(sums.data(), sums.size())).containsExactly(3, 7);
            segment.run(List.of(Tensor.of(new float[] {5, 6}, 1, 2)), List.of(sums));
            assertThat(sums.shape()).containsExactly(1, 1);
            assertThat(sums.data()[0]).isEqualTo(11);
        }
    }

    /** One that would have to be widened. */
    @Test
    void objectsToAKernelThatIsHandedInWhereTheLibraryWouldBeWrong() {
        TensorGraph graph = new TensorGraph("handed");
        Node kernel = graph.input("kernel", 1, 1, 1, 5);
        graph.output(graph.conv2d(graph.input("x"), kernel, Operation.Conv2d.padded(0, 2)));
        try (CompiledSegment segment = engine.compile(graph, Map.of())) {
            Tensor five = Tensor.of(new float[5], 1, 1, 1, 5);
            segment.run(
                    List.of(five, Tensor.of(new float[4], 1, 1, 1, 4)), List.of(Tensor.empty()));
            Tensor three = Tensor.of(new float[3], 1, 1, 1, 3);
            assertThatThrownBy(() -> segment.run(List.of(five, three), List.of(Tensor.empty())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("with a kernel that is handed in");
        }
    }

    @Test
    void objectsToSizesThatDoNotFitBeforeTheLibrarySeesThem() {
        TensorGraph graph = new TensorGraph("folded");
        graph.output(graph.reshape(graph.input("x"), 5, -1));
        try (CompiledSegment segment = engine.compile(graph, Map.of())) {
            assertThatThrownBy(
                            () ->
                                    segment.run(
                                            List.of(Tensor.of(new float[24], 4, 6)),
                                            List.of(Tensor.empty())))
                    .hasMessageContaining("graph folded")
                    .hasMessageContaining("[4, 6]");
        }
    }

    @Test
    void givesAWindowTheSameBitsInAnyBatch() {
        SplittableRandom random = new SplittableRandom(7);
        TensorGraph graph = new TensorGraph("inception");
        Node x = graph.input("x");
        Operation.Conv2d how = Operation.Conv2d.padded(5, 5);
        Node hidden = graph.gelu(graph.conv2d(x, graph.weight("w1"), graph.weight("b1"), how));
        graph.output(graph.conv2d(hidden, graph.weight("w2"), graph.weight("b2"), how));
        Map<String, Tensor> weights =
                Map.of(
                        "w1", random(random, 32, 16, 11, 11),
                        "b1", random(random, 32),
                        "w2", random(random, 16, 32, 11, 11),
                        "b2", random(random, 16));
        try (CompiledSegment segment = engine.compile(graph, weights)) {
            for (int[] image : new int[][] {{12, 16}, {1, 192}, {96, 2}, {8, 24}}) {
                int size = 16 * image[0] * image[1];
                Tensor batch = random(random, 32, 16, image[0], image[1]);
                Tensor all = Tensor.empty();
                segment.run(List.of(batch), List.of(all));
                for (int count : new int[] {1, 2, 8}) {
                    Tensor part =
                            Tensor.of(
                                    Arrays.copyOf(batch.data(), count * size),
                                    count,
                                    16,
                                    image[0],
                                    image[1]);
                    Tensor alone = Tensor.empty();
                    segment.run(List.of(part), List.of(alone));
                    assertThat(Arrays.copyOf(alone.data(), count * size))
                            .isEqualTo(Arrays.copyOf(all.data(), count * size));
                }
            }
        }
    }

    private static Tensor random(SplittableRandom random, int... shape) {
        float[] values = new float[Tensor.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextDouble() - 0.5) / 4;
        }
        return Tensor.of(values, shape);
    }
}
