/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.models.neural.duin.DuinConfig.Layer;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.function.Supplier;

/**
 * A graph of fixed weights: what can be computed of them beforehand is, and a normalisation is part
 * of the convolution before it.
 */
final class ServingGraph extends DuinGraph {
    private final DuinWeights weights;
    private final StreamModulator modulator;

    /**
     * An empty graph.
     *
     * @param modulator of the first layer of the front end
     */
    ServingGraph(
            String name,
            DuinConfig config,
            DuinWeights weights,
            int patches,
            boolean tapped,
            StreamModulator modulator) {
        super(name, config, patches, tapped);
        this.weights = weights;
        this.modulator = modulator;
    }

    @Override
    Tensor stored(String name, int... shape) {
        return weights.weight(name, shape);
    }

    @Override
    Node joined(String name, int[] shape, String... names) {
        return weight(name, weights.joined(shape, names));
    }

    @Override
    Node scaled(double factor, String name, int... shape) {
        return weight(name + ".scaled", weights.scaled(factor, name, shape));
    }

    /** As a convolution: a matrix product of one row is rounded otherwise than one of many. */
    @Override
    Node pixel(String name, Node x, int in, int out) {
        return graph.conv2d(
                x,
                weight(name + ".weight", weights.pointwise(name + ".weight", out, in)),
                weight(name + ".bias", out),
                Conv2d.padded(0, 0));
    }

    @Override
    Node convolved(int index, Node image, int features, int length, int steps) {
        Layer layer = config.layers().get(index);
        String name = "tokenizer.conv_blocks." + index;
        if (tapped && layer.pool() == 1) {
            Convolution plain = nodes(name + ".plain", weights.plain(name, layer, features));
            tapSteps(
                    "conv" + index,
                    convolution(plain, image, length, steps),
                    steps,
                    layer.filters());
        }
        DuinWeights.Convolution folded = weights.folded(name, layer, features);
        Supplier<Node> stored = () -> weight(name + ".kernel", folded.kernel().kernel());
        Node kernel = index == 0 ? modulator.weights(graph, stored) : stored.get();
        Node bias = weight(name + ".bias", folded.bias());
        return convolution(new Convolution(kernel, bias, folded.kernel()), image, length, steps);
    }

    @Override
    Convolution transposed(String name, Layer layer, int in) {
        return nodes(name, weights.transposed(name, layer, in));
    }

    private Convolution nodes(String name, DuinWeights.Convolution how) {
        return new Convolution(
                weight(name + ".kernel", how.kernel().kernel()),
                weight(name + ".bias", how.bias()),
                how.kernel());
    }

    @Override
    Node kept(Node x, int matrices, int rows, int columns) {
        return x;
    }
}
