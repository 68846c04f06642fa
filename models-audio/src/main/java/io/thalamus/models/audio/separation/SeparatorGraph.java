/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.function.Predicate;

/**
 * The network from a mixture to the frames of each speaker, as a graph (Zhao et al., "MossFormer2:
 * Combining Transformer and RNN-Free Recurrent Network for Enhanced Time-Domain Monaural Speech
 * Separation", 2312.11825). Its input is the mixture as an image {@code [1, 1, 1, samples]}, its
 * output {@code [speakers, 1, frames, kernel]}, frames that overlap and are still to be added up.
 *
 * <p>Its norms and its attention are over the whole mixture, so the graph is made for a length.
 */
final class SeparatorGraph {
    /** What the encoder's filters give. */
    static final String RESPONSES = "responses";

    private static final String MASKS = "masknet.";
    private static final String MODEL = MASKS + "dual_mdl.0.intra_mdl.mdl.";
    private static final String LAYERS = MODEL + "flashT.";

    private final SeparatorConfig config;
    private final FrameGraph frames;
    private final TensorGraph graph;
    private final StreamModulator modulator;

    /**
     * Builds the graph, and finds the weights for it.
     *
     * @param length of the mixture, in frames
     * @param wanted the names of those tensors on the way that are handed out too
     * @param modulator behind the encoder
     * @throws io.thalamus.schemas.InvalidInputException if a weight is missing or unusable
     */
    SeparatorGraph(
            SeparatorConfig config,
            ModelBundle bundle,
            int length,
            Predicate<String> wanted,
            StreamModulator modulator) {
        this.config = config;
        this.modulator = modulator;
        this.frames = new FrameGraph("separation", bundle, length, wanted);
        this.graph = frames.graph();
        frames.finish(build(graph.input("mixture")));
    }

    FrameGraph frames() {
        return frames;
    }

    /**
     * Masks are of what a stream's gains and offsets make of the encoder's output, but are put on
     * that itself: so voices keep the level and the colour that they have in the mixture.
     */
    private Node build(Node mixture) {
        int channels = config.channels();
        Node responses = responses(mixture);
        frames.tap(RESPONSES, responses);
        Node encoded = graph.relu(responses);
        frames.tap("encoder.out", encoded);
        Node masks =
                masks(
                        modulator.isPresent()
                                ? graph.relu(modulator.behind(graph, responses))
                                : encoded);
        frames.tap("mask", masks);
        return decoded(config.masks() ? graph.multiply(masks, encoded) : masks, channels);
    }

    private Node responses(Node mixture) {
        int channels = config.channels();
        Node weight =
                modulator.weights(
                        graph,
                        () ->
                                frames.weight(
                                        "encoder",
                                        frames.stored(Encoder.WEIGHT, channels, 1, config.kernel()),
                                        channels,
                                        1,
                                        1,
                                        config.kernel()));
        Conv2d how = new Conv2d(1, config.stride(), 0, 0, 1, 1, 1);
        return graph.conv2d(mixture, weight, how);
    }

    private Node masks(Node encoded) {
        int channels = config.channels();
        double epsilon = config.epsilons().global();
        Node norm = frames.overAll(MASKS + "norm", encoded, channels, epsilon);
        Node narrow = frames.pointwise(MASKS + "conv1d_encoder", norm, channels, channels, false);
        Node start = graph.add(narrow, position());
        Node x = layers(start);
        Node last = frames.normalised(MODEL + "norm.norm", x, channels, config.epsilons().last());
        Node whole = frames.overAll(MASKS + "dual_mdl.0.intra_norm", last, channels, epsilon);
        Node block = graph.add(whole, start);
        Node active = frames.leaky(block, frames.number(MASKS + "prelu.weight"));
        int all = config.speakers() * channels;
        Node split = frames.pointwise(MASKS + "conv1d_out", active, channels, all, true);
        Node speakers = graph.reshape(split, config.speakers(), channels, 1, frames.frames());
        Node content =
                graph.tanh(
                        frames.pointwise(MASKS + "output.0", speakers, channels, channels, true));
        Node gate =
                graph.sigmoid(
                        frames.pointwise(
                                MASKS + "output_gate.0", speakers, channels, channels, true));
        Node masks =
                frames.pointwise(
                        MASKS + "conv1_decoder",
                        graph.multiply(content, gate),
                        channels,
                        channels,
                        false);
        frames.tap("masknet.norm.out", norm);
        frames.tap("masknet.conv1d_encoder.out", narrow);
        frames.tap("masknet.pos.out", start);
        frames.tapFramesFirst("masknet.flashT.out", x);
        frames.tapFramesFirst("masknet.final_layernorm.out", last);
        frames.tap("masknet.intra_norm.out", whole);
        frames.tap("masknet.block.out", block);
        frames.tap("masknet.prelu.out", active);
        frames.tap("masknet.conv1d_out.out", split);
        frames.tap("masknet.tanh.out", content);
        frames.tap("masknet.sigmoid.out", gate);
        frames.tap("masknet.conv1_decoder.out", masks);
        return graph.relu(masks);
    }

    private Node layers(Node start) {
        float[] frequencies =
                frames.stored(LAYERS + "layers.0.rotary_pos_emb.freqs", config.rotated() / 2);
        Rotation rotation =
                new Rotation(
                        frames,
                        frequencies,
                        config.width(),
                        1.0 / config.group(),
                        1.0 / frames.frames(),
                        1,
                        1);
        AttentionLayer attention = new AttentionLayer(config, frames, rotation);
        MemoryLayer memory = new MemoryLayer(config, frames);
        Node x = start;
        for (int layer = 0; layer < config.layers(); layer++) {
            String tap = "layer" + layer;
            x = attention.apply(x, LAYERS + "layers." + layer + ".", tap + ".flash.");
            x = memory.apply(x, LAYERS + "fsmn." + layer + ".", tap + ".fsmn.");
        }
        return x;
    }

    /** Sines and cosines of the frames' numbers, to be told apart by. */
    private Node position() {
        int half = config.channels() / 2;
        int length = frames.frames();
        float[] frequencies = frames.stored(MASKS + "pos_enc.inv_freq", half);
        float scale = frames.number(MASKS + "pos_enc.scale");
        float[] values = new float[2 * half * length];
        for (int i = 0; i < half; i++) {
            for (int t = 0; t < length; t++) {
                // in float32, as the reference has it
                float angle = t * frequencies[i];
                values[i * length + t] = (float) Math.sin(angle) * scale;
                values[(half + i) * length + t] = (float) Math.cos(angle) * scale;
            }
        }
        return frames.weight("position", values, 1, 2 * half, 1, length);
    }

    /** The samples that each frame adds. */
    private Node decoded(Node speakers, int channels) {
        int kernel = config.kernel();
        float[] stored = frames.stored("decoder.weight", channels, 1, kernel);
        float[] matrix = new float[stored.length];
        for (int channel = 0; channel < channels; channel++) {
            for (int k = 0; k < kernel; k++) {
                matrix[k * channels + channel] = stored[channel * kernel + k];
            }
        }
        Node framesFirst = graph.transpose(speakers, 0, 2, 3, 1);
        return graph.dense(framesFirst, frames.weight("decoder", matrix, kernel, channels));
    }
}
