/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.models.neural.duin.DuinConfig.Layer;
import io.thalamus.operators.inference.NamedWeights;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph.Node;
import io.thalamus.operators.inference.training.Dropout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A graph whose gradients are those by the reference's own weights: what a {@link ServingGraph}
 * computes of them beforehand, this computes in every run. Features are normalised by what they are
 * in the batch. Dropout, and what else a batch decides, comes in as inputs behind the graph's own.
 */
final class LearningGraph extends DuinGraph {
    private final NamedWeights weights;
    private final List<LearnedKernel> kernels = new ArrayList<>();
    private final List<Extra> extras = new ArrayList<>();

    /** An input that follows from the number of signals, and from chance. */
    interface Extra {
        void fill(Tensor tensor, int signals, Dropout dropout);
    }

    LearningGraph(String name, DuinConfig config, NamedWeights weights, int patches) {
        super(name, config, patches, /* tapped= */ false);
        this.weights = weights;
    }

    /** The kernels, which are made of the stored ones in Java. */
    List<LearnedKernel> kernels() {
        return kernels;
    }

    private Node kernel(String name, Tensor raw, UnaryOperator<Tensor> made) {
        LearnedKernel kernel = new LearnedKernel(name, raw, made);
        kernels.add(kernel);
        return weight(kernel.name(), kernel.made());
    }

    /** What comes in besides, in its order. */
    List<Extra> extras() {
        return extras;
    }

    private Node extra(Extra extra) {
        extras.add(extra);
        return graph.input("extra" + extras.size());
    }

    @Override
    Tensor stored(String name, int... shape) {
        return weights.weight(name, shape);
    }

    @Override
    Node joined(String name, int[] shape, String... names) {
        Node[] parts = new Node[names.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = weight(names[i], shape);
        }
        return graph.concat(0, parts);
    }

    @Override
    Node scaled(double factor, String name, int... shape) {
        return graph.scale(weight(name, shape), factor, 0);
    }

    /** As a dense layer: oneDNN cannot go back through a kernel of one pixel behind a reshape. */
    @Override
    Node pixel(String name, Node x, int in, int out) {
        return graph.transpose(dense(name, graph.transpose(x, 0, 2, 3, 1), in, out), 0, 3, 1, 2);
    }

    @Override
    Node convolved(int index, Node image, int features, int length, int steps) {
        Layer layer = config.layers().get(index);
        String name = "tokenizer.conv_blocks." + index;
        int filters = layer.filters();
        int taps = layer.kernel();
        Tensor raw = stored(name + ".0.1.weight", filters, features, taps);
        Convolution how =
                new Convolution(
                        kernel(name, raw, weight -> TimeKernel.of(layer, weight).kernel()),
                        weight(name + ".0.1.bias", filters),
                        TimeKernel.of(layer, raw));
        Node result = convolution(how, image, length, steps);
        return layer.normalised() ? normalised(name + ".1.1", result, filters, steps) : result;
    }

    /** Each filter by its mean and variance over signals, patches and steps. */
    private Node normalised(String name, Node image, int filters, int steps) {
        int each = patches * steps;
        Node share =
                extra(
                        (tensor, signals, dropout) -> {
                            int count = signals * each;
                            Arrays.fill(tensor.reshape(1, count, 1).data(), 1f / count);
                        });
        Node byFilter = graph.reshape(graph.transpose(image, 1, 0, 2, 3), 1, filters, -1);
        Node mean = graph.matMul(byFilter, share, false, false); // [1, F, 1]
        Node centred = graph.subtract(byFilter, mean);
        Node variance = graph.matMul(graph.multiply(centred, centred), share, false, false);
        Node normal = graph.divide(centred, graph.sqrt(graph.scale(variance, 1, EPSILON)));
        Node gamma = graph.reshape(weight(name + ".weight", filters), filters, 1);
        Node beta = graph.reshape(weight(name + ".bias", filters), filters, 1);
        output(name + ".running_mean", mean);
        output(name + ".running_var", variance);
        Node result = graph.add(graph.multiply(normal, gamma), beta);
        return graph.transpose(graph.reshape(result, filters, -1, patches, steps), 1, 0, 2, 3);
    }

    @Override
    Convolution transposed(String name, Layer layer, int in) {
        int out = layer.filters();
        int stride = layer.stride();
        int taps = layer.kernel();
        Tensor raw = stored(name + ".0.1.weight", in, out, taps);
        Node ones = weight(name + ".each", ones(stride));
        Node bias = graph.reshape(weight(name + ".0.1.bias", out), out, 1);
        return new Convolution(
                kernel(name, raw, weight -> TimeKernel.transposed(layer, weight).kernel()),
                graph.reshape(graph.multiply(bias, ones), -1),
                TimeKernel.transposed(layer, raw));
    }

    private static Tensor ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return Tensor.of(ones, 1, count);
    }

    @Override
    Node kept(Node x, int matrices, int rows, int columns) {
        Node factors =
                extra(
                        (tensor, signals, dropout) ->
                                dropout.draw(tensor.reshape(signals * matrices, rows, columns)));
        return graph.multiply(x, factors);
    }
}
