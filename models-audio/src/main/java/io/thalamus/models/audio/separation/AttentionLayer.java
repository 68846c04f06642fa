/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.models.audio.separation.FeedForward.Unit;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.List;

/**
 * An attention layer: gated, one head, ReLU squared within groups of frames and linear over all of
 * them. Channels of values and gates stay side by side, and go into groups and out of them again
 * for one product.
 */
final class AttentionLayer {
    private static final int HEADS = 4;
    private static final int NEAR_QUERY = 0;
    private static final int FAR_QUERY = 1;
    private static final int NEAR_KEY = 2;
    private static final int FAR_KEY = 3;
    private static final List<String> NAMES = List.of("quad_q", "lin_q", "quad_k", "lin_k");

    private final SeparatorConfig config;
    private final FrameGraph frames;
    private final TensorGraph graph;
    private final FeedForward feedForward;
    private final Rotation rotation;

    AttentionLayer(SeparatorConfig config, FrameGraph frames, Rotation rotation) {
        this.config = config;
        this.frames = frames;
        this.graph = frames.graph();
        this.feedForward = new FeedForward(frames, config.depthwise());
        this.rotation = rotation;
    }

    /**
     * The layer.
     *
     * @param name what its weights are called, with the dot behind
     * @param tap what its tensors are called, with the dot behind
     */
    Node apply(Node x, String name, String tap) {
        int channels = config.channels();
        Node late = frames.delayed(frames.channels(x, 0, channels / 2), channels / 2);
        Node shifted = graph.concat(1, late, frames.channels(x, channels / 2, channels));
        Node scaled = frames.scaled(shifted, channels, config.epsilons().floor());
        Node all =
                feedForward.ofScaled(
                        scaled,
                        channels,
                        name,
                        tap,
                        List.of(
                                new Unit("to_hidden", config.hidden()),
                                new Unit("to_qk", config.width())));
        Node hidden = frames.channels(all, 0, config.hidden());
        Node shared = frames.channels(all, config.hidden(), FrameGraph.TO_END);
        Node turned = rotation.apply(heads(shared, name, tap));
        Node attended = attended(turned, hidden);
        Node gated = gated(attended, hidden);
        Node small = frames.scaled(gated, config.hidden() / 2, config.epsilons().floor());
        Node out =
                feedForward.ofScaled(
                        small,
                        config.hidden() / 2,
                        name,
                        tap,
                        List.of(new Unit("to_out", channels)));
        Node result = graph.add(x, out);
        frames.tapFramesFirst(tap + "shifted", shifted);
        if (frames.wants(tap + "to_hidden.norm")) {
            float gain = frames.number(name + "to_hidden.mdl.0.g");
            frames.tapFramesFirst(tap + "to_hidden.norm", graph.scale(scaled, gain, 0));
        }
        frames.tapFramesFirst(tap + "att_v", attended, 0, config.hidden() / 2);
        frames.tapFramesFirst(tap + "att_u", attended, config.hidden() / 2, config.hidden());
        frames.tapFramesFirst(tap + "gated", gated);
        frames.tapFramesFirst(tap + "out", result);
        return result;
    }

    /**
     * Four queries and keys of one, each with its own gains and offsets, and behind them the same
     * with the neighbours of rotation in each other's place.
     */
    private Node heads(Node shared, String name, String tap) {
        int width = config.width();
        float[] gamma = frames.stored(name + "qk_offset_scale.gamma", HEADS, width);
        float[] beta = frames.stored(name + "qk_offset_scale.beta", HEADS, width);
        float[] matrix = new float[2 * HEADS * width * width];
        float[] bias = new float[2 * HEADS * width];
        for (int row = 0; row < HEADS * width; row++) {
            matrix[row * width + row % width] = gamma[row];
            bias[row] = beta[row];
        }
        rotation.swap(matrix, bias, HEADS);
        Node both = frames.linear(name + "heads", shared, matrix, bias, width, 2 * HEADS * width);
        for (int head = 0; head < HEADS; head++) {
            frames.tapFramesFirst(tap + NAMES.get(head), both, head * width, (head + 1) * width);
        }
        return both;
    }

    /** What the frames see of one another's values and gates. */
    Node attended(Node turned, Node hidden) {
        int size = config.hidden();
        int length = frames.frames();
        int groups = (length + config.group() - 1) / config.group();
        int more = groups * config.group() - length;
        // keys before queries, so that values need not be turned over
        Node scores =
                graph.matMul(
                        grouped(head(turned, NEAR_KEY), config.width(), groups, more),
                        grouped(head(turned, NEAR_QUERY), config.width(), groups, more),
                        true,
                        false);
        Node positive = graph.relu(scores);
        Node inGroups =
                graph.matMul(
                        grouped(hidden, size, groups, more),
                        graph.multiply(positive, positive),
                        false,
                        false);
        Node near =
                graph.reshape(
                        graph.transpose(inGroups, 1, 0, 2), 1, size, 1, groups * config.group());
        Node summed =
                graph.matMul(
                        plain(head(turned, FAR_KEY), config.width()),
                        plain(hidden, size),
                        false,
                        true);
        Node far =
                graph.matMul(summed, plain(head(turned, FAR_QUERY), config.width()), true, false);
        return graph.add(frames.cut(near, more), graph.reshape(far, 1, size, 1, length));
    }

    private Node head(Node turned, int which) {
        return frames.channels(turned, which * config.width(), (which + 1) * config.width());
    }

    private Node plain(Node x, int channels) {
        return graph.reshape(x, 1, channels, frames.frames());
    }

    /** {@code [groups, channels, frames of a group]}. */
    private Node grouped(Node x, int channels, int groups, int more) {
        Node padded = frames.padded(x, channels, more);
        return graph.transpose(graph.reshape(padded, channels, groups, config.group()), 1, 0, 2);
    }

    private Node gated(Node attended, Node hidden) {
        int half = config.hidden() / 2;
        Node values = frames.channels(hidden, 0, half);
        Node gates = frames.channels(hidden, half, config.hidden());
        Node ofValues = frames.channels(attended, 0, half);
        Node ofGates = frames.channels(attended, half, config.hidden());
        return graph.multiply(
                graph.multiply(ofGates, values), graph.sigmoid(graph.multiply(ofValues, gates)));
    }
}
