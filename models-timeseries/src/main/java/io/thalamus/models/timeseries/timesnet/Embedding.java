/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes windows the sequences that the blocks work on: the circular convolution of the samples, the
 * code of each position, the map of the time features; and, for a forecast, the continuation of all
 * that past the window's end.
 */
final class Embedding implements AutoCloseable {
    private final TimesNetConfig config;
    private final Trace trace;
    private final Normalisation normalisation;
    private final CompiledSegment segment;

    private final float[] normalised;
    private final Tensor x = Tensor.empty();
    private final Tensor embedded = Tensor.empty();

    /**
     * For windows of one size.
     *
     * @param normalisation brings the windows to the network's units
     */
    Embedding(
            TimesNetConfig config,
            Normalisation normalisation,
            TimesNetWeights weights,
            GraphEngine engine,
            Trace trace) {
        this.config = config;
        this.trace = trace;
        this.normalisation = normalisation;
        this.normalised = new float[config.channels() * config.inputLength()];
        Map<String, Tensor> tensors = new HashMap<>(weights.tensors());
        tensors.computeIfPresent(TimesNetWeights.EMBEDDING, (name, weight) -> inBlocks(weight));
        this.segment = engine.compile(graph(), tensors);
    }

    /** The weight of a convolution with features of zeros added to whole blocks. */
    private static Tensor inBlocks(Tensor weight) {
        int[] shape = weight.shape().clone();
        shape[0] = FoldConvolutions.wholeBlocks(shape[0]);
        return Tensor.of(Arrays.copyOf(weight.data(), Tensor.size(shape)), shape);
    }

    /**
     * Linear maps are convolutions with one tap here: a dense layer rounds differently when it has
     * few rows, as a lone short or narrow window has. The convolution with three taps does so
     * unless its features come in whole blocks.
     */
    private TensorGraph graph() {
        TensorGraph graph = new TensorGraph("embedding");
        Conv2d plain = Conv2d.padded(0, 0);
        Node x = graph.input("x"); // [B, C + n, 1, S + 2]
        Node e = graph.conv2d(x, graph.weight(TimesNetWeights.EMBEDDING), plain);
        e = graph.transpose(e, 0, 3, 2, 1); // [B, S, 1, D in whole blocks]
        if (FoldConvolutions.wholeBlocks(config.width()) > config.width()) {
            e = graph.slice(e, 3, 0, config.width());
        }
        e = graph.add(e, graph.reshape(graph.weight(TimesNetWeights.POSITION), 0, 1, -1));
        Node embedding = graph.reshape(e, 0, 0, -1);
        if (config.task().forecasts()) {
            Node longer =
                    graph.conv2d(
                            e,
                            graph.weight(TimesNetWeights.PREDICT_WEIGHT),
                            graph.weight(TimesNetWeights.PREDICT_BIAS),
                            plain); // [B, T, 1, D]
            graph.output(graph.reshape(longer, 0, 0, -1));
            if (trace.isOn()) {
                graph.output(embedding);
            }
        } else {
            graph.output(embedding);
        }
        return graph;
    }

    /**
     * Embeds a batch.
     *
     * @param windows {@code channels x inputLength} values each
     * @param timeFeatures for each window {@code inputLength x marks} features; none if the network
     *     is not told the time
     * @param sequence takes {@code [windows, length, width]}
     */
    void run(float[][] windows, float[][] timeFeatures, Tensor sequence) {
        take(windows, timeFeatures);
        boolean both = trace.isOn() && config.task().forecasts();
        segment.run(List.of(x), both ? List.of(sequence, embedded) : List.of(sequence));
        if (trace.isOn()) {
            trace.addSamplesFirst("stage.normalised", x, config.channels(), 1);
            trace.add("stage.embedding", both ? embedded : sequence);
            if (both) {
                trace.add("stage.predict_linear", sequence);
            }
        }
    }

    /**
     * Lays out each window's channels, normalised, with the last sample before the first and the
     * first after the last; and its time features.
     */
    private void take(float[][] windows, float[][] timeFeatures) {
        int length = config.inputLength();
        int row = length + 2;
        int features = config.marks().count();
        x.reshape(windows.length, config.channels() + features, 1, row);
        // A network that is not told the time gets zeros: their map has no bias.
        Arrays.fill(x.data(), 0, x.size(), 0);
        normalisation.start(windows.length);
        int to = 0;
        for (int window = 0; window < windows.length; window++) {
            normalisation.apply(window, windows[window], normalised);
            for (int from = 0; from < normalised.length; from += length) {
                x.data()[to] = normalised[from + length - 1];
                System.arraycopy(normalised, from, x.data(), to + 1, length);
                x.data()[to + row - 1] = normalised[from];
                to += row;
            }
            if (timeFeatures.length > 0) {
                takeFeatures(timeFeatures[window], features, to);
            }
            to += features * row;
        }
    }

    private void takeFeatures(float[] timeFeatures, int count, int to) {
        int length = config.inputLength();
        for (int feature = 0; feature < count; feature++) {
            int first = to + feature * (length + 2) + 1;
            for (int t = 0; t < length; t++) {
                x.data()[first + t] = timeFeatures[t * count + feature];
            }
        }
    }

    @Override
    public void close() {
        segment.close();
    }
}
