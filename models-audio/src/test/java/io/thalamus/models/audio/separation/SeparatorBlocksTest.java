/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.models.audio.separation.FeedForward.Unit;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.SafetensorsWriter;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import io.thalamus.operators.inference.TestEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of the network by themselves give what the reference's own parts give. */
class SeparatorBlocksTest {
    private static final ModelBundle GIVEN = TestBundles.bundle("golden/mossformer2/blocks");
    private static final Safetensors CASES = GIVEN.cases().orElseThrow();
    private static final double TOLERANCE = 1e-5;

    @TempDir static Path folder;
    private static ModelBundle bundle;

    /** With a dot between block and weight, as there is in names of the whole network. */
    @BeforeAll
    static void name() throws IOException {
        Map<String, Tensor> weights = new HashMap<>();
        Safetensors stored = GIVEN.weights();
        stored.names().forEach(name -> weights.put(name.replace('/', '.'), stored.tensor(name)));
        SafetensorsWriter.write(folder.resolve(ModelBundle.WEIGHTS), weights);
        Files.copy(GIVEN.folder().resolve(ModelBundle.CONFIG), folder.resolve(ModelBundle.CONFIG));
        bundle = ModelBundle.open(folder);
    }

    private interface Part {
        Node build(FrameGraph frames, Node x);
    }

    /**
     * A part of the network.
     *
     * @param block what the reference calls it
     * @param framesFirst whether its tensors are {@code [batch, frames, channels]} there, and not
     *     {@code [batch, channels, frames]}
     */
    private record Case(String block, boolean framesFirst, Part part) {
        @Override
        public String toString() {
            return block;
        }
    }

    /** With groups of 16, queries of 40, and a memory of 12 channels. */
    private static SeparatorConfig config(int hidden) {
        return new SeparatorConfig(
                8000,
                16,
                8,
                24,
                1,
                2,
                16,
                40,
                hidden,
                12,
                20,
                17,
                32,
                true,
                8000,
                new SeparatorConfig.Epsilons(1e-8, 1e-6, 1e-5, 1e-5, 1e-5));
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.add(channelsFirst("groupnorm1", (g, x) -> g.overAll("groupnorm1", x, 12, 1e-8)));
        cases.add(channelsFirst("clayernorm", (g, x) -> g.normalised("clayernorm", x, 12, 1e-5)));
        cases.add(
                framesFirst(
                        "scalenorm",
                        (g, x) ->
                                g.graph()
                                        .scale(g.scaled(x, 12, 1e-5), g.number("scalenorm.g"), 0)));
        cases.add(
                framesFirst(
                        "ffconvm_scalenorm",
                        (g, x) ->
                                new FeedForward(g, 17)
                                        .ofScaled(
                                                g.scaled(x, 12, 1e-5),
                                                12,
                                                "ffconvm_scalenorm",
                                                "",
                                                List.of(new Unit("", 20)))));
        cases.add(
                framesFirst(
                        "ffconvm_layernorm",
                        (g, x) ->
                                new FeedForward(g, 17)
                                        .ofNormalised(
                                                g.normalised(x, 12, 1e-5),
                                                12,
                                                "ffconvm_layernorm",
                                                "",
                                                List.of(new Unit("", 20)))));
        cases.add(framesFirst("rotary_partial", (g, x) -> rotated(g, x, "rotary_partial", 48, 16)));
        cases.add(framesFirst("rotary_full", (g, x) -> rotated(g, x, "rotary_full", 16, 8)));
        for (String block : List.of("flash_layer", "flash_layer_exact")) {
            cases.add(
                    framesFirst(
                            block,
                            (g, x) -> {
                                float[] turns = g.stored(block + ".rotary_pos_emb.freqs", 16);
                                return attention(g, turns, config(96)).apply(x, block + ".", "");
                            }));
        }
        cases.add(
                channelsFirst(
                        "dilated_dense",
                        (g, x) -> new MemoryLayer(config(96), g).dense(x, "dilated_dense.")));
        cases.add(
                framesFirst(
                        "unideepfsmn_dilated",
                        (g, x) ->
                                new MemoryLayer(config(96), g)
                                        .memory(x, "unideepfsmn_dilated.", "")));
        cases.add(
                framesFirst(
                        "gated_fsmn_dilated",
                        (g, x) ->
                                new MemoryLayer(config(96), g)
                                        .gated(x, "gated_fsmn_dilated.", "")));
        for (String block : List.of("gated_fsmn_block", "gated_fsmn_block_short")) {
            cases.add(
                    framesFirst(
                            block,
                            (g, x) -> new MemoryLayer(config(96), g).apply(x, block + ".", "")));
        }
        return cases.stream();
    }

    private static Case framesFirst(String block, Part part) {
        return new Case(block, true, part);
    }

    private static Case channelsFirst(String block, Part part) {
        return new Case(block, false, part);
    }

    private static AttentionLayer attention(
            FrameGraph frames, float[] turns, SeparatorConfig config) {
        Rotation rotation =
                new Rotation(
                        frames,
                        turns,
                        config.width(),
                        1.0 / config.group(),
                        1.0 / frames.frames(),
                        1,
                        1);
        return new AttentionLayer(config, frames, rotation);
    }

    private static Node rotated(FrameGraph frames, Node x, String block, int width, int pairs) {
        float[] turns = frames.stored(block + ".freqs", pairs);
        Rotation rotation = new Rotation(frames, turns, width, 1);
        float[] matrix = new float[2 * width * width];
        for (int i = 0; i < width; i++) {
            matrix[i * width + i] = 1;
        }
        float[] bias = new float[2 * width];
        rotation.swap(matrix, bias, 1);
        return rotation.apply(frames.linear("both", x, matrix, bias, width, 2 * width));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheReferenceInFloat64(Case which) {
        agrees(which, "reference");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheReferenceOnTheDefaultEngine(Case which) {
        agrees(which, "mxnet");
    }

    private static void agrees(Case which, String engineName) {
        Tensor inputs = CASES.tensor(which.block + ".input");
        Tensor expected = CASES.tensor(which.block + ".output");
        int batch = expected.dimension(0);
        if (inputs.rank() == 4) { // a last axis of one
            inputs = Tensor.of(inputs.data(), Arrays.copyOf(inputs.shape(), 3));
        }
        for (int item = 0; item < batch; item++) {
            float[] x = item(inputs, item, which.framesFirst);
            int length = inputs.dimension(which.framesFirst ? 1 : 2);
            int channels = x.length / length;
            FrameGraph frames = new FrameGraph(which.block, bundle, length, name -> false);
            Node result = which.part.build(frames, frames.graph().input("x"));
            frames.finish(result);
            float[] found =
                    run(engineName, frames, List.of(Tensor.of(x, 1, channels, 1, length))).data();
            Tensor wanted =
                    expected.rank() == 4
                            ? Tensor.of(expected.data(), Arrays.copyOf(expected.shape(), 3))
                            : expected;
            assertClose(which.block, found, item(wanted, item, which.framesFirst));
        }
    }

    /** One item with its channels one after the other. */
    private static float[] item(Tensor tensor, int item, boolean framesFirst) {
        int rows = tensor.dimension(1);
        int columns = tensor.dimension(2);
        float[] values = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                float value = tensor.data()[(item * rows + row) * columns + column];
                values[framesFirst ? column * rows + row : row * columns + column] = value;
            }
        }
        return values;
    }

    private static Tensor run(String engineName, FrameGraph frames, List<Tensor> inputs) {
        Tensor output = Tensor.empty();
        try (GraphEngine engine = TestEngines.open(engineName);
                CompiledSegment segment = engine.compile(frames.graph(), frames.values())) {
            segment.run(inputs, List.of(output));
        }
        return output;
    }

    private static void assertClose(String block, float[] found, float[] expected) {
        double squares = 0;
        double all = 0;
        for (int i = 0; i < expected.length; i++) {
            squares += Math.pow(found[i] - expected[i], 2);
            all += Math.pow(expected[i], 2);
        }
        assertThat(Math.sqrt(squares / all)).as(block).isLessThan(TOLERANCE);
    }

    /** Groups that are full, and whose last one is short, also where it is the only one. */
    @ParameterizedTest
    @ValueSource(
            strings = {"attention_core_padded", "attention_core_exact", "attention_core_short"})
    void attendsLikeTheReference(String block) {
        int width = 40;
        Tensor values = CASES.tensor(block + ".v");
        int length = values.dimension(1);
        int half = values.dimension(2);
        FrameGraph frames = new FrameGraph(block, bundle, length, name -> false);
        TensorGraph graph = frames.graph();
        float[] turns = new float[16];
        for (int j = 0; j < turns.length; j++) {
            turns[j] = (float) Math.pow(10_000, -j / 16.0);
        }
        Rotation rotation = new Rotation(frames, turns, width, 1.0 / 16, 1.0 / length, 1, 1);
        AttentionLayer layer = new AttentionLayer(config(2 * half), frames, rotation);
        Node turned = rotation.apply(graph.input("heads"));
        frames.finish(layer.attended(turned, graph.input("hidden")));
        float[] heads = new float[8 * width * length];
        int at = 0;
        for (String name : List.of("quad_q", "lin_q", "quad_k", "lin_k")) {
            float[] head = item(CASES.tensor(block + "." + name), 0, true);
            System.arraycopy(head, 0, heads, at, head.length);
            for (int i = 0; i < 32; i++) {
                for (int t = 0; t < length; t++) {
                    float other = head[(i ^ 1) * length + t];
                    heads[4 * width * length + at + i * length + t] = i % 2 == 0 ? -other : other;
                }
            }
            at += head.length;
        }
        float[] hidden = both(block, "v", "u", length, half);
        float[] expected = both(block, "att_v", "att_u", length, half);
        for (String engineName : List.of("reference", "mxnet")) {
            Tensor found =
                    run(
                            engineName,
                            frames,
                            List.of(
                                    Tensor.of(heads, 1, 8 * width, 1, length),
                                    Tensor.of(hidden, 1, 2 * half, 1, length)));
            assertClose(block, found.data(), expected);
        }
    }

    private static float[] both(String block, String first, String second, int length, int half) {
        float[] both = new float[2 * half * length];
        float[] one = item(CASES.tensor(block + "." + first), 0, true);
        float[] other = item(CASES.tensor(block + "." + second), 0, true);
        System.arraycopy(one, 0, both, 0, one.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
