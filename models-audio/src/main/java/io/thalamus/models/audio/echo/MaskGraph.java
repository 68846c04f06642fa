/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Operation.Slice;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The network that gives the two masks, as a graph (Watcharasupat et al., "End-to-End
 * Complex-Valued Multidilated Convolutional Neural Network for Joint Acoustic Echo Cancellation and
 * Noise Suppression", ICASSP 2022; its blocks: Takahashi and Mitsufuji, "D3Net", 2010.01733). Its
 * input and output are maps {@code [batch, 2 channels, frames, bins]}, real and imaginary part of
 * each channel in turn: microphone and far end in, echo mask and speech mask out.
 *
 * <p>A causal network's convolutions look at frames that have been. So that a signal can be given
 * in pieces, each takes a further input, the last frames of its input before this piece, and gives
 * the last ones for the next; zeros at the start of a signal, as the network pads behind its
 * normalisations.
 */
class MaskGraph {
    private static final int MASKS = 2;
    private static final int KERNEL = 3;

    /**
     * What a convolution remembers.
     *
     * @param channels real channels
     * @param frames how many of the last frames
     */
    record Memory(int channels, int frames) {}

    private final EchoConfig config;
    private final EchoWeights weights;
    private final StreamModulator modulator;
    private final TensorGraph graph = new TensorGraph("masks");
    private final Map<String, Tensor> values = new HashMap<>();
    private final List<Memory> memories = new ArrayList<>();
    private final List<Node> remembered = new ArrayList<>();
    private final Map<String, Node> taps = new LinkedHashMap<>();

    /**
     * An empty graph.
     *
     * @param modulator of the first convolution. Its inputs follow upon what that remembers, and
     *     that convolution's output upon what all remember
     */
    MaskGraph(EchoConfig config, EchoWeights weights, StreamModulator modulator) {
        this.config = config;
        this.weights = weights;
        this.modulator = modulator;
    }

    /**
     * Builds the graph, once, and finds the weights for it.
     *
     * @param withTaps whether the outputs of its blocks are outputs of the graph
     * @throws io.thalamus.schemas.InvalidInputException if a weight is missing or unusable
     */
    MaskGraph build(boolean withTaps) {
        graph.output(masks(graph.input("features")));
        remembered.forEach(graph::output);
        if (modulator.isPresent()) {
            graph.output(taps.get(Stem.NAME));
        }
        if (withTaps) {
            taps.values().forEach(graph::output);
        }
        return this;
    }

    TensorGraph graph() {
        return graph;
    }

    /** The values of the graph's weights. */
    Map<String, Tensor> values() {
        return values;
    }

    /** What the inputs behind the first, and the outputs behind the first, are. */
    List<Memory> memories() {
        return memories;
    }

    /** The names of the outputs that come last, if there are any. */
    List<String> taps() {
        return List.copyOf(taps.keySet());
    }

    private Node masks(Node features) {
        Node stem =
                tap(
                        Stem.NAME,
                        convolution(
                                Stem.NAME, features, Stem.INPUTS, config.stem(), Stem.KERNEL, 1));
        Node known = modulator.behind(graph, stem);
        int channels = config.stem();
        for (int block = 0; block < config.blocks(); block++) {
            String name = "d3." + block;
            Node fresh = tap(name, outer(name, known, channels));
            known = graph.concat(1, known, fresh);
            channels += config.growth();
        }
        Node normalised = normalised("head.bn", known, channels);
        return convolution("head.conv", normalised, channels, MASKS, 1, 1);
    }

    /** A block of blocks: the {@code i}-th works on one group, and adds to all behind it. */
    private Node outer(String name, Node x, int channels) {
        Node rest = inner(name + ".d2.0", x, channels, config.growth() * config.inner());
        for (int i = 1; i < config.inner(); i++) {
            Node group = first(rest, config.growth());
            Node others = behind(rest, config.growth());
            int width = config.growth() * (config.inner() - i);
            rest = graph.add(others, inner(name + ".d2." + i, group, config.growth(), width));
        }
        return rest;
    }

    /** A block of layers: the {@code i}-th works on one group, and adds to all behind it. */
    private Node inner(String name, Node x, int channels, int growth) {
        Node rest = unit(name + ".unit.0", x, channels, growth * config.layers(), 1);
        for (int i = 1; i < config.layers(); i++) {
            Node group = first(rest, growth);
            Node others = behind(rest, growth);
            int width = growth * (config.layers() - i);
            rest = graph.add(others, unit(name + ".unit." + i, group, growth, width, 1 << i));
        }
        return tap(name, rest);
    }

    private Node unit(String name, Node x, int in, int out, int dilation) {
        Node active = graph.relu(normalised(name + ".bn", x, in));
        return convolution(name + ".conv", active, in, out, KERNEL, dilation);
    }

    /** By the statistics of the training, which are weights; in training it is by the batch's. */
    Node normalised(String name, Node x, int channels) {
        EchoWeights.Normalisation normalisation = weights.normalisation(name, channels);
        Node factor = weight(name + ".factor", normalisation.factor());
        Node summand = weight(name + ".summand", normalisation.summand());
        return graph.add(graph.multiply(x, factor), summand);
    }

    private Node convolution(String name, Node x, int in, int out, int size, int dilation) {
        EchoWeights.Convolution convolution = weights.convolution(name, in, out, size);
        int reach = dilation * (size - 1);
        boolean remembers = config.causal() && reach > 0;
        Node given = remembers ? graph.concat(2, graph.input(name), x) : x;
        Node bias = weight(name + ".bias", convolution.bias());
        Node kernel = kernel(name, convolution);
        if (remembers) {
            memories.add(new Memory(2 * in, reach));
            remembered.add(graph.slice(given, 2, -reach, Slice.TO_END));
        }
        int padded = config.causal() ? 0 : reach / 2;
        return graph.conv2d(
                given, kernel, bias, new Conv2d(1, 1, padded, reach / 2, dilation, dilation, 1));
    }

    private Node kernel(String name, EchoWeights.Convolution convolution) {
        Supplier<Node> stored = () -> weight(name + ".kernel", convolution.kernel());
        return name.equals(Stem.NAME) ? modulator.weights(graph, stored) : stored.get();
    }

    private Node first(Node x, int channels) {
        return graph.slice(x, 1, 0, 2 * channels);
    }

    private Node behind(Node x, int channels) {
        return graph.slice(x, 1, 2 * channels, Slice.TO_END);
    }

    final Node weight(String name, Tensor value) {
        values.put(name, value);
        return graph.weight(name);
    }

    private Node tap(String name, Node node) {
        taps.put(name, node);
        return node;
    }
}
