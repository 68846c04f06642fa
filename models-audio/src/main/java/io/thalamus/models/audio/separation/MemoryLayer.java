/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.models.audio.separation.FeedForward.Unit;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.List;

/** A gated, dilated memory layer (FSMN): recurrence by convolutions along time. */
final class MemoryLayer {
    private final SeparatorConfig config;
    private final FrameGraph frames;
    private final TensorGraph graph;
    private final FeedForward feedForward;

    MemoryLayer(SeparatorConfig config, FrameGraph frames) {
        this.config = config;
        this.frames = frames;
        this.graph = frames.graph();
        this.feedForward = new FeedForward(frames, config.depthwise());
    }

    /**
     * The layer.
     *
     * @param name what its weights are called, with the dot behind
     * @param tap what its tensors are called, with the dot behind
     */
    Node apply(Node x, String name, String tap) {
        int size = config.memory();
        double epsilon = config.epsilons().memory();
        Node narrow = frames.pointwise(name + "conv1.0", x, config.channels(), size, true);
        Node active = frames.leaky(narrow, frames.number(name + "conv1.1.weight"));
        Node normalised = frames.normalised(name + "norm1", active, size, epsilon);
        Node gated = gated(normalised, name + "gated_fsmn.", tap);
        Node again = frames.normalised(name + "norm2", gated, size, epsilon);
        Node wide = frames.pointwise(name + "conv2", again, size, config.channels(), true);
        Node result = graph.add(x, wide);
        frames.tap(tap + "conv1_prelu", active);
        frames.tap(tap + "norm1", normalised);
        frames.tap(tap + "norm2", again);
        frames.tapFramesFirst(tap + "out", result);
        return result;
    }

    /** Two units, of which one goes through the memory and gates the other. */
    Node gated(Node x, String name, String tap) {
        int size = config.memory();
        Node normalised = frames.normalised(x, size, config.epsilons().memory());
        Node both =
                feedForward.ofNormalised(
                        normalised,
                        size,
                        name,
                        tap,
                        List.of(new Unit("to_u", size), new Unit("to_v", size)));
        Node remembers = frames.channels(both, 0, size);
        Node gates = frames.channels(both, size, FrameGraph.TO_END);
        Node memory = memory(remembers, name + "fsmn.", tap);
        Node gated = graph.add(graph.multiply(gates, memory), x);
        frames.tapFramesFirst(tap + "unideep.out", memory);
        frames.tapFramesFirst(tap + "gated.out", gated);
        return gated;
    }

    /** The memory, around which its input goes too. */
    Node memory(Node x, String name, String tap) {
        int size = config.memory();
        float[] matrix = frames.stored(name + "linear.weight", size, size);
        float[] bias = frames.stored(name + "linear.bias", size);
        Node hidden = graph.relu(frames.linear(name + "linear", x, matrix, bias, size, size));
        float[] projection = frames.stored(name + "project.weight", size, size);
        Node projected = frames.linear(name + "project", hidden, projection, null, size, size);
        Node dense = dense(projected, name + "conv.");
        frames.tapFramesFirst(tap + "project.out", projected);
        frames.tap(tap + "dense.out", dense);
        return graph.add(x, dense);
    }

    /** Two convolutions, of which the second sees the input of the first too, every other frame. */
    Node dense(Node x, String name) {
        int size = config.memory();
        int taps = 2 * config.order() - 1;
        float[] first = frames.stored(name + "conv1.weight", size, 1, taps, 1);
        Node once = frames.depthwise(name + "first", x, first, size, taps);
        Node both = graph.concat(1, active(once, name, 1), x);
        float[] second = frames.stored(name + "conv2.weight", size, 2, taps, 1);
        return active(dilated(name + "second", both, second, size, taps), name, 2);
    }

    private Node active(Node x, String name, int which) {
        int size = config.memory();
        String norm = name + "norm" + which;
        Node normalised = frames.overTime(norm, x, size, config.epsilons().instance());
        String slopes = name + "prelu" + which;
        return frames.leaky(slopes, normalised, frames.stored(slopes + ".weight", size));
    }

    /**
     * Two neighbouring channels to one, by kernels that see every other frame. Even and odd frames
     * do not see one another, so they are two rows of an image whose kernels see every column, each
     * channel alone, which engines are ten times faster at.
     */
    private Node dilated(String name, Node x, float[] kernels, int outputs, int taps) {
        int length = frames.frames();
        int odd = length % 2;
        int half = (length + odd) / 2;
        Node padded = frames.padded(x, 2 * outputs, odd);
        Node rows = graph.transpose(graph.reshape(padded, 1, 2 * outputs, half, 2), 0, 1, 3, 2);
        Node each = frames.depthwise(name, rows, kernels, 2 * outputs, taps);
        Node pairs = graph.reshape(each, outputs, 2, 2, half);
        Node sum = graph.add(graph.slice(pairs, 1, 0, 1), graph.slice(pairs, 1, 1, 2));
        Node columns = graph.transpose(graph.reshape(sum, outputs, 2, half), 0, 2, 1);
        return frames.cut(graph.reshape(columns, 1, outputs, 1, 2 * half), odd);
    }
}
