/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The two convolutions of a block with the GELU between them, on images of any size. On a flat or
 * narrow image the outer taps of the kernels touch nothing but padding, so each size gets kernels
 * cropped to what it can use; there are few such kernels, compiled when first needed.
 */
final class FoldConvolutions implements AutoCloseable {
    /**
     * Channels are filled up with zeros to whole blocks of so many. oneDNN has kernels for such
     * blocks; others fall to routines that are slower and round differently when an image is alone
     * in its batch.
     */
    private static final int CHANNEL_BLOCK = 16;

    /**
     * Where channels are a multiple of the first and columns of the second, oneDNN chooses its
     * routine, and with it the rounding, by how many images there are.
     */
    private static final int CHANNELS_BY_BATCH = 64;

    private static final int COLUMNS_BY_BATCH = 7;

    static final String WIDEN_WEIGHT = "widen.weight";
    static final String WIDEN_BIAS = "widen.bias";
    static final String NARROW_WEIGHT = "narrow.weight";
    static final String NARROW_BIAS = "narrow.bias";

    private final GraphEngine engine;
    private final String name;
    private final TimesNetWeights.Inceptions weights;
    private final Trace trace;
    private final Map<Reach, CompiledSegment> segments = new HashMap<>();
    private final Tensor hidden = Tensor.empty();

    /** How many rows and columns a kernel reaches off its centre. */
    record Reach(int rows, int columns) {
        static final Comparator<Reach> ORDER =
                Comparator.comparingInt(Reach::rows).thenComparingInt(Reach::columns);

        /** What of a block's kernels an image can use. */
        static Reach of(TimesNetWeights.Inceptions weights, Tensor image) {
            int most = weights.widen().weight().dimension(2) / 2;
            return new Reach(
                    Math.min(most, image.dimension(2) - 1), Math.min(most, image.dimension(3) - 1));
        }
    }

    FoldConvolutions(
            GraphEngine engine, String name, TimesNetWeights.Inceptions weights, Trace trace) {
        this.engine = engine;
        this.name = name;
        this.weights = weights;
        this.trace = trace;
    }

    /** The channels that an image must have: the network's, and zeros. */
    int imageChannels() {
        return wholeBlocks(weights.widen().weight().dimension(1));
    }

    /** The channels that images must have for so many of the network's: those, and zeros. */
    static int wholeBlocks(int channels) {
        return (channels + CHANNEL_BLOCK - 1) / CHANNEL_BLOCK * CHANNEL_BLOCK;
    }

    /** Whether what an image with so many columns gets is the same whatever images are with it. */
    boolean takesMany(int columns) {
        Tensor widen = weights.widen().weight();
        boolean byBatch =
                wholeBlocks(widen.dimension(0)) % CHANNELS_BY_BATCH == 0
                        || wholeBlocks(widen.dimension(1)) % CHANNELS_BY_BATCH == 0;
        return !byBatch || columns % COLUMNS_BY_BATCH != 0;
    }

    /**
     * Runs the convolutions.
     *
     * @param image {@code [images, imageChannels(), rows, columns]}
     * @param result takes the same shape; channels past the network's are zeros
     */
    void run(Tensor image, Tensor result) {
        CompiledSegment segment = segments.computeIfAbsent(Reach.of(weights, image), this::compile);
        segment.run(List.of(image), trace.isOn() ? List.of(result, hidden) : List.of(result));
    }

    /** What the first convolution made of the last images; only where the trace is on. */
    Tensor hidden() {
        return hidden;
    }

    private CompiledSegment compile(Reach reach) {
        TensorGraph graph = new TensorGraph(name);
        Node widened = widened(graph, reach);
        graph.output(narrowed(graph, reach, widened));
        if (trace.isOn()) {
            graph.output(graph.slice(widened, 1, 0, weights.widen().weight().dimension(0)));
        }
        return engine.compile(graph, kernels(weights, reach));
    }

    /** The first convolution, of the graph's one input. */
    static Node widened(TensorGraph graph, Reach reach) {
        return graph.conv2d(
                graph.input("image"),
                graph.weight(WIDEN_WEIGHT),
                graph.weight(WIDEN_BIAS),
                Conv2d.padded(reach.rows(), reach.columns()));
    }

    /** What comes after the first convolution. */
    static Node narrowed(TensorGraph graph, Reach reach, Node widened) {
        return graph.conv2d(
                graph.gelu(widened),
                graph.weight(NARROW_WEIGHT),
                graph.weight(NARROW_BIAS),
                Conv2d.padded(reach.rows(), reach.columns()));
    }

    /** The weights of both convolutions, by their names in the graph. */
    static Map<String, Tensor> kernels(TimesNetWeights.Inceptions weights, Reach reach) {
        MergedKernel widen = weights.widen();
        MergedKernel narrow = weights.narrow();
        int outer = wholeBlocks(widen.weight().dimension(1));
        int inner = wholeBlocks(widen.weight().dimension(0));
        return Map.of(
                WIDEN_WEIGHT, widen.sized(reach.rows(), reach.columns(), inner, outer),
                WIDEN_BIAS, widen.bias(inner),
                NARROW_WEIGHT, narrow.sized(reach.rows(), reach.columns(), outer, inner),
                NARROW_BIAS, narrow.bias(outer));
    }

    @Override
    public void close() {
        segments.values().forEach(CompiledSegment::close);
    }
}
