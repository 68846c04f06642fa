/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
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

    private final GraphEngine engine;
    private final String name;
    private final TimesNetWeights.Inceptions weights;
    private final Trace trace;
    private final int width;
    private final int hiddenWidth;
    private final int mostReach;
    private final Map<Reach, CompiledSegment> segments = new HashMap<>();
    private final Tensor hidden = Tensor.empty();

    /** How many rows and columns a kernel reaches off its centre. */
    private record Reach(int rows, int columns) {}

    FoldConvolutions(
            GraphEngine engine, String name, TimesNetWeights.Inceptions weights, Trace trace) {
        this.engine = engine;
        this.name = name;
        this.weights = weights;
        this.trace = trace;
        Tensor widen = weights.widen().weight();
        this.width = widen.dimension(1);
        this.hiddenWidth = widen.dimension(0);
        this.mostReach = widen.dimension(2) / 2;
    }

    /** The channels that an image must have: the network's, and zeros. */
    int imageChannels() {
        return wholeBlocks(width);
    }

    /** As many channels, or more, that the engine's kernels for blocks take. */
    static int wholeBlocks(int channels) {
        return (channels + CHANNEL_BLOCK - 1) / CHANNEL_BLOCK * CHANNEL_BLOCK;
    }

    /** Whether what an image with so many columns gets is the same whatever images are with it. */
    boolean takesMany(int columns) {
        boolean byBatch =
                wholeBlocks(width) % CHANNELS_BY_BATCH == 0
                        || wholeBlocks(hiddenWidth) % CHANNELS_BY_BATCH == 0;
        return !byBatch || columns % COLUMNS_BY_BATCH != 0;
    }

    /**
     * Runs the convolutions.
     *
     * @param image {@code [images, imageChannels(), rows, columns]}
     * @param result takes the same shape; channels past the network's are zeros
     */
    void run(Tensor image, Tensor result) {
        Reach reach = reach(image.dimension(2), image.dimension(3));
        CompiledSegment segment = segments.computeIfAbsent(reach, this::compile);
        segment.run(List.of(image), trace.isOn() ? List.of(result, hidden) : List.of(result));
    }

    private Reach reach(int rows, int columns) {
        return new Reach(Math.min(mostReach, rows - 1), Math.min(mostReach, columns - 1));
    }

    /** What the first convolution made of the last images; only where the trace is on. */
    Tensor hidden() {
        return hidden;
    }

    private CompiledSegment compile(Reach reach) {
        TensorGraph graph = new TensorGraph(name);
        Conv2d how = Conv2d.padded(reach.rows(), reach.columns());
        Node image = graph.input("image");
        Node widened =
                graph.conv2d(image, graph.weight("widen.weight"), graph.weight("widen.bias"), how);
        graph.output(
                graph.conv2d(
                        graph.gelu(widened),
                        graph.weight("narrow.weight"),
                        graph.weight("narrow.bias"),
                        how));
        if (trace.isOn()) {
            graph.output(graph.slice(widened, 1, 0, hiddenWidth));
        }
        int outer = wholeBlocks(width);
        int inner = wholeBlocks(hiddenWidth);
        return engine.compile(
                graph,
                Map.of(
                        "widen.weight",
                        weights.widen().sized(reach.rows(), reach.columns(), inner, outer),
                        "widen.bias",
                        weights.widen().bias(inner),
                        "narrow.weight",
                        weights.narrow().sized(reach.rows(), reach.columns(), outer, inner),
                        "narrow.bias",
                        weights.narrow().bias(outer)));
    }

    @Override
    public void close() {
        segments.values().forEach(CompiledSegment::close);
    }
}
