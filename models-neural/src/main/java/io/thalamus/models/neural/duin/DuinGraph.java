/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.models.neural.duin.DuinConfig.Layer;
import io.thalamus.models.neural.duin.DuinConfig.Transformer;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of the networks (Zheng et al., "Du-IN: Discrete units-guided mask modeling for decoding
 * speech from Intracranial Neural signals", NeurIPS 2024, arXiv 2405.11459), to be put together to
 * a graph, for signals of a number of patches. Signals are channels by samples, as frames are;
 * tokens are {@code [batch, patches, width]}.
 */
abstract class DuinGraph {
    static final double EPSILON = 1e-5;

    static final String POSITIONS = "emb_time.time_encodings";

    final DuinConfig config;
    final int patches;
    final boolean tapped;
    final TensorGraph graph;

    private final Map<String, Tensor> values = new HashMap<>();
    private final List<String> taps = new ArrayList<>();

    /**
     * An empty graph.
     *
     * @param patches of the signals
     * @param tapped whether what lies between is handed out too, behind the graph's own outputs,
     *     under the names and in the layouts of the reference
     */
    DuinGraph(String name, DuinConfig config, int patches, boolean tapped) {
        this.config = config;
        this.patches = patches;
        this.tapped = tapped;
        this.graph = new TensorGraph(name);
    }

    /**
     * A convolution over time.
     *
     * @param form of the kernel, with its size, stride and padding
     */
    record Convolution(Node kernel, Node bias, TimeKernel form) {}

    /** A weight by the reference's name. */
    abstract Tensor stored(String name, int... shape);

    /** Weights of equal shapes one after the other along their first axis. */
    abstract Node joined(String name, int[] shape, String... names);

    /** A weight times a number. */
    abstract Node scaled(double factor, String name, int... shape);

    /**
     * A dense layer over the features of images.
     *
     * @param x {@code [B, in, rows, columns]}
     */
    abstract Node pixel(String name, Node x, int in, int out);

    /** A layer of the front end: a convolution, its normalisation, its average. */
    abstract Node convolved(int index, Node image, int features, int length, int steps);

    /** A transposed convolution as an ordinary one of more filters. */
    abstract Convolution transposed(String name, Layer layer, int in);

    /** Values of which a network leaves out some while it learns, {@code [B m, rows, columns]}. */
    abstract Node kept(Node x, int matrices, int rows, int columns);

    /** What the values are of the weights, by their names in the graph. */
    Map<String, Tensor> values() {
        return values;
    }

    TensorGraph graph() {
        return graph;
    }

    /** The names of what is handed out. */
    List<String> outputs() {
        return List.copyOf(taps);
    }

    CompiledSegment compile(GraphEngine engine) {
        return engine.compile(graph, values);
    }

    /** A weight under a name of its own. */
    Node weight(String name, Tensor value) {
        values.put(name, value);
        return graph.weight(name);
    }

    /** A weight of the bundle. */
    Node weight(String name, int... shape) {
        return weight(name, stored(name, shape));
    }

    /** Hands something out. */
    Node output(String name, Node node) {
        taps.add(name);
        graph.output(node);
        return node;
    }

    /** Hands something out if what lies between is wanted. */
    Node tap(String name, Node node) {
        return tapped ? output(name, node) : node;
    }

    /** A step a row, as {@code [B patches, steps, features]}. */
    void tapSteps(String name, Node image, int steps, int features) {
        if (tapped) {
            Node bySteps = graph.transpose(image, 0, 2, 3, 1);
            output(name, graph.reshape(bySteps, -1, steps, features));
        }
    }

    /**
     * What the first layer of the front end makes of signals. Each patch is a row of an image, so
     * that nothing leaks from one to the next.
     *
     * @param signals {@code [B, channels + 1, samples]}, the last channel all ones
     * @param projections {@code [B, width, channels + 1]}, the last column the bias
     * @return {@code [B, filters, patches, steps]}
     */
    Node first(Node signals, Node projections) {
        return layer(0, projected(signals, projections));
    }

    /** Patch embeddings of what the first layer has made, {@code [B, patches, token]}. */
    Node patchEmbeddings(Node first) {
        Node image = first;
        for (int i = 1; i < config.layers().size(); i++) {
            image = layer(i, image);
        }
        return flattened(image);
    }

    /** The signals in the space of all subjects, a patch a row, {@code [B, width, N, samples]}. */
    Node projected(Node signals, Node projections) {
        Node projected = graph.matMul(projections, signals, false, false); // [B, D, L]
        if (tapped) {
            output("subj", graph.transpose(projected, 0, 2, 1));
        }
        return graph.reshape(projected, 0, 0, patches, config.patch());
    }

    /** A layer of the front end. */
    Node layer(int index, Node image) {
        Layer layer = config.layers().get(index);
        int features = index == 0 ? config.width() : config.layers().get(index - 1).filters();
        int length = config.patch();
        for (int i = 0; i < index; i++) {
            length = TimeKernel.steps(config.layers().get(i), length);
        }
        int steps = TimeKernel.steps(layer, length);
        Node result = convolved(index, image, features, length, steps);
        tapSteps("block" + index, result, steps, layer.filters());
        return result;
    }

    /** Patches as tokens. */
    Node flattened(Node image) {
        Node byPatch = graph.transpose(image, 0, 2, 3, 1); // [B, N, steps, F]
        return graph.reshape(byPatch, 0, 0, -1);
    }

    /** The first so many steps of a convolution, which may give more. */
    Node convolution(Convolution how, Node image, int length, int steps) {
        Node result = graph.conv2d(image, how.kernel(), how.bias(), how.form().how());
        return how.form().results(length) == steps ? result : graph.slice(result, 3, 0, steps);
    }

    /** Tokens with the code of their place. */
    Node placed(Node tokens, String tap) {
        int width = config.token();
        Tensor table = stored(POSITIONS, config.patches(), width);
        Tensor rows = Tensor.of(Arrays.copyOf(table.data(), patches * width), patches, width);
        return tap(tap, graph.add(tokens, weight(POSITIONS, rows)));
    }

    /**
     * A transformer.
     *
     * @param name {@code encoder} or {@code decoder}
     * @param tap what its blocks are called
     * @param pass what stands behind the names of what is tapped
     */
    Node transformer(String name, Transformer form, Node tokens, String tap, String pass) {
        Node x = tokens;
        for (int block = 0; block < form.blocks(); block++) {
            x = block(name + ".1.xfmr_blocks." + block, form, x, tap + block + ".", pass);
        }
        return tap(name + pass, x);
    }

    private Node block(String name, Transformer form, Node x, String tap, String pass) {
        int width = config.token();
        Node attended = tap(tap + "mha" + pass, attention(name + ".mha", form, x, tap, pass));
        Node y = norm(name + ".norm_mha", graph.add(x, attended), width);
        tap(tap + "norm_mha" + pass, y);
        Node hidden =
                kept(
                        graph.relu(dense(name + ".ffn.fc1.0", y, width, form.hidden())),
                        1,
                        patches,
                        form.hidden());
        Node forward = dense(name + ".ffn.fc2.0", hidden, form.hidden(), width);
        tap(tap + "ffn" + pass, forward);
        return tap(tap + "out" + pass, norm(name + ".norm_ffn", graph.add(y, forward), width));
    }

    private Node attention(String name, Transformer form, Node x, String tap, String pass) {
        int heads = form.heads();
        int width = form.headWidth();
        int inner = heads * width;
        String[] parts = {name + ".W_q.W", name + ".W_k.W", name + ".W_v.W"};
        Node merged =
                graph.dense(
                        x,
                        joined(
                                name + ".qkv.weight",
                                new int[] {inner, config.token()},
                                with(parts, ".weight")),
                        joined(name + ".qkv.bias", new int[] {inner}, with(parts, ".bias")));
        Node split = graph.transpose(graph.reshape(merged, 0, 0, 3 * heads, width), 0, 2, 1, 3);
        // the factor of the scores is in the queries' norm
        double factor = 1 / Math.sqrt(width);
        Node q =
                graph.layerNorm(
                        graph.slice(split, 1, 0, heads),
                        scaled(factor, name + ".norm_q.weight", width),
                        scaled(factor, name + ".norm_q.bias", width),
                        EPSILON);
        if (tapped) {
            output(tap + "norm_q" + pass, graph.scale(q, 1 / factor, 0));
        }
        Node k = norm(name + ".norm_k", graph.slice(split, 1, heads, 2 * heads), width);
        Node v = graph.slice(split, 1, 2 * heads, 3 * heads);
        Node scores = graph.softmax(graph.matMul(byHead(q, width), byHead(k, width), false, true));
        Node chosen = kept(scores, heads, patches, patches);
        Node values = graph.matMul(chosen, byHead(v, width), false, false); // [B H, N, width]
        Node joined = graph.transpose(graph.reshape(values, -1, heads, patches, width), 0, 2, 1, 3);
        return dense(name + ".proj.0", graph.reshape(joined, 0, 0, -1), inner, config.token());
    }

    private static String[] with(String[] names, String end) {
        String[] whole = names.clone();
        for (int i = 0; i < whole.length; i++) {
            whole[i] += end;
        }
        return whole;
    }

    private Node byHead(Node x, int width) {
        return graph.reshape(x, -1, patches, width);
    }

    /** A layer normalisation. */
    Node norm(String name, Node x, int width) {
        return graph.layerNorm(
                x, weight(name + ".weight", width), weight(name + ".bias", width), EPSILON);
    }

    /** A dense layer over tokens. */
    Node dense(String name, Node x, int in, int out) {
        return graph.dense(x, weight(name + ".weight", out, in), weight(name + ".bias", out));
    }

    /**
     * Signals from tokens. Here patches do reach into one another.
     *
     * @param projections {@code [B, channels, width]}
     * @param biases {@code [B, channels, 1]}
     * @return {@code [B, channels, samples]}
     */
    Node signals(Node tokens, Node projections, Node biases) {
        Node x = inTime(tokens);
        for (int i = 0; i < config.upsampling().size(); i++) {
            x = upsampled(i, x);
        }
        return signalsOf(x, projections, biases);
    }

    /** Tokens as an image of one row, {@code [B, token, 1, patches]}. */
    Node inTime(Node tokens) {
        return graph.transpose(graph.reshape(tokens, 0, 1, patches, -1), 0, 3, 1, 2);
    }

    /** A layer of the way back to signals. */
    Node upsampled(int index, Node image) {
        Layer layer = config.upsampling().get(index);
        int features = index == 0 ? config.token() : config.upsampling().get(index - 1).filters();
        int length = patches;
        for (int i = 0; i < index; i++) {
            length *= config.upsampling().get(i).stride();
        }
        Convolution how = transposed("rgs_block.rgs_head." + index, layer, features);
        Node x = convolution(how, image, length, length);
        if (layer.stride() > 1) {
            x = graph.reshape(x, 0, layer.filters(), layer.stride(), length);
            x = graph.transpose(x, 0, 1, 3, 2);
            x = graph.reshape(x, 0, 0, 1, length * layer.stride());
        }
        tapTime("rgs" + index, x);
        return x;
    }

    /** The channels of what the last layer gives. */
    Node signalsOf(Node image, Node projections, Node biases) {
        int last = config.upsampling().size();
        int features = config.upsampling().get(last - 1).filters();
        Node x = pixel("rgs_block.rgs_head." + last + ".0", image, features, config.width());
        tapTime("rgs" + last, x);
        tapTime("rgs", x);
        Node projected = graph.matMul(projections, graph.reshape(x, 0, 0, -1), false, false);
        return graph.add(projected, biases);
    }

    private void tapTime(String name, Node image) {
        if (tapped) {
            output(name, graph.transpose(graph.reshape(image, 0, 0, -1), 0, 2, 1));
        }
    }

    /**
     * What codes are told by: the tokens in the space of the codes, {@code vq.pre_proj}, and their
     * products with all codes, {@code vq.products}.
     */
    void quantizer(Node tokens) {
        int width = config.token();
        Node hidden = graph.tanh(dense("vq_block.pre_proj.0", tokens, width, width));
        Node point =
                output(
                        DuinGraphs.POINTS,
                        dense("vq_block.pre_proj.2", hidden, width, config.quantizer().width()));
        output(
                DuinGraphs.PRODUCTS,
                graph.dense(
                        point,
                        weight(
                                DuinWeights.CODEBOOK,
                                config.quantizer().size(),
                                config.quantizer().width())));
    }

    /**
     * Tokens of codes.
     *
     * @param codes {@code [B, patches, code width]}
     */
    Node embedded(Node codes) {
        int width = config.quantizer().width();
        Node normed = tap("vq.layernorm", norm("vq_block.layernorm", codes, width));
        Node tokens = dense("vq_block.post_proj.0", normed, width, config.token());
        return tap("vq.out", tokens);
    }

    /** The logits of words, {@code [B, words]}. */
    Node words(Node tokens) {
        int in = patches * config.token();
        Node x = graph.reshape(tokens, 0, -1, 1, 1);
        for (int i = 0; i < config.hidden().size(); i++) {
            int out = config.hidden().get(i);
            x = graph.relu(pixel("cls_block.cls_head." + (i + 1) + ".0", x, in, out));
            if (tapped) {
                output("cls.hidden" + i, graph.reshape(x, 0, -1));
            }
            in = out;
        }
        String last = "cls_block.cls_head." + (config.hidden().size() + 1) + ".0";
        return graph.reshape(pixel(last, x, in, config.outputs()), 0, -1);
    }

    /** The logits of the codes of patches, {@code [B, patches, codes]}. */
    Node predictedCodes(Node tokens) {
        Node x = tokens;
        int in = config.token();
        for (int i = 0; i < config.hidden().size(); i++) {
            int out = config.hidden().get(i);
            x = graph.relu(dense("cls_block.cls_head." + i + ".0", x, in, out));
            in = out;
        }
        return dense(
                "cls_block.cls_head." + config.hidden().size() + ".0", x, in, config.outputs());
    }

    /** The contrastive projection, which no result depends on. */
    void contrast(Node tokens) {
        String name = "contra_block.proj_z.0";
        Node projected = dense(name, tokens, config.token(), config.contrast());
        output("contra.proj", graph.reshape(projected, 0, -1));
    }
}
