/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Operation.Slice;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A graph over a fixed number of frames with the weights of a bundle, and what the layers of the
 * network have in common. Unless said otherwise a tensor is {@code [1, channels, 1, frames]}: with
 * time last and a height of one, convolutions along time and products over channels are those that
 * engines are fast at.
 */
final class FrameGraph {
    private final ModelBundle bundle;
    private final Safetensors stored;
    private final int frames;
    private final Predicate<String> wanted;
    private final TensorGraph graph;
    private final Map<String, Tensor> values = new HashMap<>();
    private final Map<String, Node> taps = new LinkedHashMap<>();

    /**
     * An empty graph.
     *
     * @param wanted the names of those tensors on the way that are handed out too
     */
    FrameGraph(String name, ModelBundle bundle, int frames, Predicate<String> wanted) {
        this.bundle = bundle;
        this.stored = bundle.weights();
        this.frames = frames;
        this.wanted = wanted;
        this.graph = new TensorGraph(name);
    }

    TensorGraph graph() {
        return graph;
    }

    /** The values of the graph's weights. */
    Map<String, Tensor> values() {
        return values;
    }

    int frames() {
        return frames;
    }

    /** A weight of the bundle. */
    float[] stored(String name, int... shape) {
        return bundle.weight(stored, name, shape).data();
    }

    /** A number of the bundle. */
    float number(String name) {
        return stored(name, 1)[0];
    }

    /** A weight of the graph; one of a name that it has stays as it is. */
    Node weight(String name, float[] value, int... shape) {
        values.putIfAbsent(name, Tensor.of(value, shape));
        return graph.weight(name);
    }

    /** Equal values, one for each channel or frame or whatever it is. */
    Node filled(String name, float value, int... shape) {
        float[] all = new float[Tensor.size(shape)];
        Arrays.fill(all, value);
        return weight(name + Arrays.toString(shape), all, shape);
    }

    /** A value for each channel. */
    Node perChannel(String name, float[] value) {
        return weight(name, value, 1, value.length, 1, 1);
    }

    /** A product over channels, frame by frame: matrix {@code [out, in]}; no bias if it is null. */
    Node linear(String name, Node x, float[] matrix, float[] bias, int in, int out) {
        Node kernel = weight(name + ".matrix", matrix, out, in, 1, 1);
        Conv2d how = Conv2d.padded(0, 0);
        return bias == null
                ? graph.conv2d(x, kernel, how)
                : graph.conv2d(x, kernel, weight(name + ".bias", bias, out), how);
    }

    /** The bundle's own pointwise convolution of this name. */
    Node pointwise(String name, Node x, int in, int out, boolean hasBias) {
        float[] matrix = stored(name + ".weight", out, in, 1);
        return linear(name, x, matrix, hasBias ? stored(name + ".bias", out) : null, in, out);
    }

    /** Each channel by its own kernel along time, as long as before: {@code [channels, taps]}. */
    Node depthwise(String name, Node x, float[] kernels, int channels, int taps) {
        return graph.conv2d(
                x,
                weight(name, kernels, channels, 1, 1, taps),
                new Conv2d(1, 1, 0, taps / 2, 1, 1, channels));
    }

    Node silu(Node x) {
        return graph.multiply(x, graph.sigmoid(x));
    }

    /** What is below zero times a slope, one for all. */
    Node leaky(Node x, float slope) {
        return graph.add(graph.scale(x, slope, 0), graph.scale(graph.relu(x), 1 - slope, 0));
    }

    /** What is below zero times the slope of its channel. */
    Node leaky(String name, Node x, float[] slopes) {
        float[] above = new float[slopes.length];
        for (int i = 0; i < above.length; i++) {
            above[i] = 1 - slopes[i];
        }
        Node linear = graph.multiply(x, perChannel(name + ".slope", slopes));
        return graph.add(linear, graph.multiply(graph.relu(x), perChannel(name + ".above", above)));
    }

    /** Each frame divided by its root mean square, which counts as {@code floor} if it is less. */
    Node scaled(Node x, int channels, double floor) {
        Node square = graph.reshape(graph.multiply(x, x), 1, channels, frames);
        Node mean = filled("mean", 1f / channels, 1, 1, channels);
        Node size = graph.sqrt(graph.matMul(mean, square, false, false));
        Node floored = graph.scale(graph.relu(graph.scale(size, 1, -floor)), 1, floor);
        return graph.divide(x, graph.reshape(floored, 1, 1, 1, frames));
    }

    /** Layer normalisation of each frame over the channels, with the bundle's gains and offsets. */
    Node normalised(String name, Node x, int channels, double epsilon) {
        Node gain = weight(name + ".gain", stored(name + ".weight", channels), channels);
        Node offset = weight(name + ".offset", stored(name + ".bias", channels), channels);
        return normalised(x, gain, offset, epsilon);
    }

    /** Layer normalisation of each frame over the channels, to mean 0 and variance 1. */
    Node normalised(Node x, int channels, double epsilon) {
        return normalised(x, filled("one", 1, channels), filled("zero", 0, channels), epsilon);
    }

    private Node normalised(Node x, Node gain, Node offset, double epsilon) {
        Node framesFirst = graph.transpose(x, 0, 2, 3, 1);
        return graph.transpose(graph.layerNorm(framesFirst, gain, offset, epsilon), 0, 3, 1, 2);
    }

    /** Normalisation of each channel over time, with the bundle's gains and offsets. */
    Node overTime(String name, Node x, int channels, double epsilon) {
        Node one = filled("one", 1, frames);
        Node zero = filled("zero", 0, frames);
        return affine(name, graph.layerNorm(x, one, zero, epsilon), channels);
    }

    /** Normalisation over all frames and channels, with the bundle's gains and offsets. */
    Node overAll(String name, Node x, int channels, double epsilon) {
        Node centred = graph.subtract(x, mean(x, channels));
        Node variance = mean(graph.multiply(centred, centred), channels);
        Node deviation = graph.sqrt(graph.scale(variance, 1, epsilon));
        return affine(name, graph.divide(centred, deviation), channels);
    }

    /** In two steps, as one sum of all would lose digits. */
    private Node mean(Node x, int channels) {
        Node rows = graph.dense(x, filled("mean", 1f / frames, 1, frames));
        Node mean = filled("mean", 1f / channels, 1, 1, channels);
        return graph.reshape(
                graph.matMul(mean, graph.reshape(rows, 1, channels, 1), false, false), 1, 1, 1, 1);
    }

    private Node affine(String name, Node x, int channels) {
        Node gain = perChannel(name + ".gain", stored(name + ".weight", channels));
        Node offset = perChannel(name + ".offset", stored(name + ".bias", channels));
        return graph.add(graph.multiply(x, gain), offset);
    }

    /** Some of the channels. */
    Node channels(Node x, int from, int to) {
        return graph.slice(x, 1, from, to);
    }

    /** Zeros after the last frame. */
    Node padded(Node x, int channels, int more) {
        return more == 0 ? x : graph.concat(3, x, filled("zero", 0, 1, channels, 1, more));
    }

    /** All but zeros after the last frame. */
    Node cut(Node x, int more) {
        return more == 0 ? x : graph.slice(x, 3, 0, -more);
    }

    /** One frame later; the first is zero. */
    Node delayed(Node x, int channels) {
        Node zero = filled("zero", 0, 1, channels, 1, 1);
        return graph.concat(3, zero, graph.slice(x, 3, 0, -1));
    }

    /** Whether a tensor is to be handed out. */
    boolean wants(String name) {
        return wanted.test(name);
    }

    /** Hands out a tensor as {@code [items, channels, frames]}, if it is wanted. */
    void tap(String name, Node x) {
        if (wants(name)) {
            taps.put(name, graph.reshape(x, 0, 0, -1));
        }
    }

    /** Hands out a tensor as {@code [1, frames, channels]}, if it is wanted. */
    void tapFramesFirst(String name, Node x) {
        if (wants(name)) {
            taps.put(name, graph.reshape(graph.transpose(x, 0, 2, 3, 1), 1, frames, -1));
        }
    }

    /** Hands out some of the channels as {@code [1, frames, channels]}, if they are wanted. */
    void tapFramesFirst(String name, Node x, int from, int to) {
        if (wants(name)) {
            tapFramesFirst(name, channels(x, from, to));
        }
    }

    /** Makes the result, and then what is handed out besides, outputs of the graph. */
    void finish(Node result) {
        graph.output(result);
        taps.values().forEach(graph::output);
    }

    /** The names of what is handed out besides, in the order of the outputs. */
    List<String> taps() {
        return new ArrayList<>(taps.keySet());
    }

    /** The end of an axis. */
    static final int TO_END = Slice.TO_END;
}
