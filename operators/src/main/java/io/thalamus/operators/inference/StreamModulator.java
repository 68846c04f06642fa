/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Modulation;
import io.thalamus.operators.adaptation.Rows;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What one stream at a time has of its own as inputs of a graph: the weights of its first layer,
 * where these can be learned, and behind that a gain and an offset; and the statistics of that
 * layer's output before these, which models put behind their own outputs. Where nothing can be
 * learned there is none of it.
 */
public final class StreamModulator {
    /** What the input is called that takes the weights. */
    static final String WEIGHTS = "first";

    private static final StreamModulator NONE =
            new StreamModulator(
                    new ChannelStatistics(new float[0], new float[0]), 1, Optional.empty());

    private final ChannelStatistics source;
    private final int channels;
    private final int parts;
    private final Optional<StreamKernel> kernel;
    private final Tensor weights = Tensor.empty();

    /** What the weights are at present. */
    private float[] present;

    private final Tensor gains = Tensor.empty();
    private final Tensor offsets = Tensor.empty();

    /**
     * Of a layer.
     *
     * @param source of its output in training
     * @param complex whether its channels are complex, real and imaginary part of each in turn.
     *     Their mean counts as 0 and their variance is that of the magnitude, so that gains are all
     *     that a stream has, which keep the phase
     * @param kernel its weights; empty if all streams have the bundle's
     */
    static StreamModulator of(
            ChannelStatistics source, boolean complex, Optional<StreamKernel> kernel) {
        return new StreamModulator(source, complex ? 2 : 1, kernel);
    }

    private StreamModulator(ChannelStatistics source, int parts, Optional<StreamKernel> kernel) {
        this.kernel = kernel;
        this.source = source;
        this.channels = source.mean().length;
        this.parts = parts;
        kernel.ifPresent(own -> weights.reshape(own.shape()));
        gains.reshape(channels * parts, 1, 1);
        offsets.reshape(channels * parts, 1, 1);
    }

    /** Of a network whose streams learn nothing. */
    public static StreamModulator none() {
        return NONE;
    }

    /** Whether there is one, and the first layer's output is to be handed out. */
    public boolean isPresent() {
        return channels > 0;
    }

    /**
     * The weights of the first layer, as the next input of a graph.
     *
     * @param ofTheBundle what they are where none can be learned
     */
    public Node weights(TensorGraph graph, Supplier<Node> ofTheBundle) {
        return kernel.map(own -> graph.input(WEIGHTS, own.shape())).orElseGet(ofTheBundle);
    }

    /**
     * Puts gain and offset, as the next inputs of a graph, behind its first layer.
     *
     * @param maps the layer's output, {@code [1, channels, rows, columns]}
     */
    public Node behind(TensorGraph graph, Node maps) {
        if (!isPresent()) {
            return maps;
        }
        Node scaled = graph.multiply(maps, graph.input("gains"));
        return graph.add(scaled, graph.input("offsets"));
    }

    /** What the graph takes more for it: weights, gains and offsets. */
    public List<Tensor> inputs() {
        if (!isPresent()) {
            return List.of();
        }
        return kernel.isPresent() ? List.of(weights, gains, offsets) : List.of(gains, offsets);
    }

    /** Sets the inputs to what a stream has learned. */
    public void set(FastWeights learned) {
        if (!isPresent()) {
            return;
        }
        kernel.ifPresent(own -> take(own.of(learned)));
        Modulation own = Modulation.of(source, learned);
        for (int i = 0; i < channels * parts; i++) {
            gains.data()[i] = own.gain()[i / parts];
            offsets.data()[i] = own.offset()[i / parts];
        }
    }

    private void take(float[] first) {
        if (first != present) {
            System.arraycopy(first, 0, weights.data(), 0, first.length);
            present = first;
        }
    }

    /** What a model gives where streams learn: its own output, and the statistics at its end. */
    public static float[] withStatistics(float[] output, float[] statistics) {
        float[] all = Arrays.copyOf(output, output.length + statistics.length);
        System.arraycopy(statistics, 0, all, output.length, statistics.length);
        return all;
    }

    /** In place of the statistics of a window that the network has not been run on. */
    public float[] noStatistics() {
        return new float[2 * channels];
    }

    /**
     * The statistics of a window: the means of all channels, then their variances.
     *
     * @param maps the first layer's output, {@code [1, channels, rows, columns]}
     */
    public float[] statistics(Tensor maps) {
        float[] statistics = noStatistics();
        int size = maps.size() / (channels * parts);
        for (int k = 0; k < channels; k++) {
            int from = k * parts * size;
            double mean = parts == 1 ? Rows.sum(maps.data(), from, size) / size : 0;
            double squares = Rows.squares(maps.data(), from, parts * size, mean);
            statistics[k] = (float) mean;
            statistics[channels + k] = (float) (squares / size);
        }
        return statistics;
    }
}
