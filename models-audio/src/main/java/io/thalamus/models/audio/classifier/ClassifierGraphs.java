/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Operation.Slice;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The layers as two graphs over maps {@code [batch, channels, 1, time]}: up to the first
 * convolution, whose output a stream may modulate, and from there to the mean over time, which
 * {@link Head} takes.
 */
final class ClassifierGraphs {
    private final ModelBundle bundle;
    private final Safetensors stored;
    private final Map<String, Tensor> values = new HashMap<>();
    private final Map<String, Node> taps = new LinkedHashMap<>();
    private final TensorGraph first = new TensorGraph("first-layer");
    private final TensorGraph rest = new TensorGraph("rest");
    private final int neurons;
    private TensorGraph graph;
    private int channels;
    private int length;

    /**
     * Builds both and finds their weights.
     *
     * @param withTaps whether the outputs of normalisations are outputs of the rest
     * @throws io.thalamus.schemas.InvalidInputException if a layer or a weight is not usable
     */
    ClassifierGraphs(ClassifierConfig config, ModelBundle bundle, boolean withTaps) {
        this.bundle = bundle;
        stored = bundle.weights();
        channels = config.channels();
        length = config.length();
        graph = first;
        Node features = standardised(config.standardise(), first.input("features"));
        first.output(convolution(config.first(), features));
        neurons = channels;
        graph = rest;
        Node maps = rest.input("maps");
        for (BundleConfig layer : config.between()) {
            maps = layer(layer, maps);
        }
        rest.output(maps);
        if (withTaps) {
            taps.values().forEach(rest::output);
        }
    }

    TensorGraph first() {
        return first;
    }

    TensorGraph rest() {
        return rest;
    }

    /** The weights of both. */
    Map<String, Tensor> values() {
        return values;
    }

    /** Channels that come of the first convolution. */
    int neurons() {
        return neurons;
    }

    /** Channels that come of the last layer. */
    int channels() {
        return channels;
    }

    /** The names of the outputs of the rest behind its first, if there are any. */
    List<String> taps() {
        return List.copyOf(taps.keySet());
    }

    private Node layer(BundleConfig layer, Node x) {
        return switch (layer.text("type")) {
            case "conv1d" -> convolution(layer, x);
            case "batch_norm" -> tap(layer, batchNorm(layer, x));
            case "group_norm" -> tap(layer, groupNorm(layer, x));
            case "relu" -> graph.relu(x);
            case "max_pool" -> maxPool(layer, x);
            default ->
                    throw layer.wrong(
                            "type",
                            "one of conv1d, batch_norm, group_norm, relu, max_pool between the"
                                    + " first convolution and the mean over time");
        };
    }

    private Node tap(BundleConfig layer, Node node) {
        taps.put(layer.text("name"), node);
        return node;
    }

    private Node standardised(BundleConfig layer, Node x) {
        float[] mean = weight(layer.text("mean"), channels);
        float[] deviation = weight(layer.text("std"), channels);
        float[] factor = new float[channels];
        float[] summand = new float[channels];
        for (int c = 0; c < channels; c++) {
            if (!(deviation[c] > 0)) {
                throw layer.wrong("std", "a tensor of values above 0");
            }
            factor[c] = (float) (1 / (double) deviation[c]);
            summand[c] = (float) (-mean[c] / (double) deviation[c]);
        }
        return affine("standardise", x, factor, summand);
    }

    private Node convolution(BundleConfig layer, Node x) {
        String name = layer.text("name");
        int out = layer.integer("out", 1);
        int kernel = layer.integer("kernel", 1);
        int padding = layer.integer("padding", 0);
        if (layer.integer("in", 1) != channels) {
            throw layer.wrong("in", "%d, the channels that it is given".formatted(channels));
        }
        if (length + 2 * padding < kernel) {
            throw layer.wrong("kernel", "at most %d".formatted(length + 2 * padding));
        }
        float[] taken = weight(name + ".weight", out, channels, kernel);
        Node weight = constant(name + ".weight", Tensor.of(taken, out, channels, 1, kernel));
        channels = out;
        length = length + 2 * padding - kernel + 1;
        Conv2d how = Conv2d.padded(0, padding);
        if (!layer.flag("bias")) {
            return graph.conv2d(x, weight, how);
        }
        Tensor bias = Tensor.of(weight(name + ".bias", out), out);
        return graph.conv2d(x, weight, constant(name + ".bias", bias), how);
    }

    private Node batchNorm(BundleConfig layer, Node x) {
        String name = layer.text("name");
        double epsilon = layer.number("eps");
        float[] gain = weight(name + ".weight", channels);
        float[] offset = weight(name + ".bias", channels);
        float[] mean = weight(name + ".running_mean", channels);
        float[] variance = weight(name + ".running_var", channels);
        float[] factor = new float[channels];
        float[] summand = new float[channels];
        for (int c = 0; c < channels; c++) {
            double scale = gain[c] / Math.sqrt(variance[c] + epsilon);
            factor[c] = (float) scale;
            summand[c] = (float) (offset[c] - mean[c] * scale);
        }
        return affine(name, x, factor, summand);
    }

    private Node groupNorm(BundleConfig layer, Node x) {
        String name = layer.text("name");
        int groups = layer.integer("groups", 1);
        if (channels % groups != 0) {
            throw layer.wrong("groups", "a divisor of its %d channels".formatted(channels));
        }
        int size = channels / groups * length;
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        Node normalised =
                graph.layerNorm(
                        graph.reshape(x, 0, groups, size),
                        constant(name + ".ones", Tensor.of(ones, size)),
                        constant(name + ".zeros", Tensor.of(new float[size], size)),
                        layer.number("eps"));
        return affine(
                name,
                graph.reshape(normalised, 0, channels, 1, length),
                weight(name + ".weight", channels),
                weight(name + ".bias", channels));
    }

    private Node affine(String name, Node x, float[] factor, float[] summand) {
        Node scaled =
                graph.multiply(x, constant(name + ".factor", Tensor.of(factor, channels, 1, 1)));
        return graph.add(scaled, constant(name + ".summand", Tensor.of(summand, channels, 1, 1)));
    }

    private Node maxPool(BundleConfig layer, Node x) {
        int size = layer.integer("size", 1);
        if (layer.integer("stride", 1) != size || size > length) {
            throw layer.wrong("stride", "its size, and that at most its length of " + length);
        }
        int pooled = length / size;
        Node whole = graph.slice(x, 3, 0, pooled * size);
        Node pools = graph.reshape(whole, 0, channels, pooled, size);
        Node largest = graph.slice(pools, 3, 0, 1);
        for (int i = 1; i < size; i++) {
            Node next = graph.slice(pools, 3, i, i + 1 == size ? Slice.TO_END : i + 1);
            largest = graph.add(largest, graph.relu(graph.subtract(next, largest)));
        }
        length = pooled;
        return graph.reshape(largest, 0, channels, 1, pooled);
    }

    private float[] weight(String name, int... shape) {
        return bundle.weight(stored, name, shape).data();
    }

    private Node constant(String name, Tensor value) {
        values.put(name, value);
        return graph.weight(name);
    }
}
