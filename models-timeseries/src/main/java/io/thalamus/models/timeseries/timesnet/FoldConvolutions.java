/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.List;
import java.util.Map;

/**
 * The two convolutions of a block with the GELU between them, on images of any size. On a flat or
 * narrow image the outer taps of the kernels touch nothing but padding, so each size gets kernels
 * cropped to what it can use; there are few such kernels, compiled when first needed.
 */
final class FoldConvolutions implements AutoCloseable {
    private final GraphEngine engine;
    private final String name;
    private final TimesNetWeights.Inceptions weights;
    private final Trace trace;
    private final int mostReach;

    /** By the rows and columns that the kernels reach off their centre. */
    private final CompiledSegment[][] segments;

    private final Tensor hidden = Tensor.empty();

    FoldConvolutions(
            GraphEngine engine, String name, TimesNetWeights.Inceptions weights, Trace trace) {
        this.engine = engine;
        this.name = name;
        this.weights = weights;
        this.trace = trace;
        this.mostReach = weights.widen().weight().dimension(2) / 2;
        this.segments = new CompiledSegment[mostReach + 1][mostReach + 1];
    }

    /**
     * Runs the convolutions.
     *
     * @param image {@code [images, width, rows, columns]}
     * @param result takes the shape of the image
     */
    void run(Tensor image, Tensor result) {
        int rowReach = Math.min(mostReach, image.dimension(2) - 1);
        int columnReach = Math.min(mostReach, image.dimension(3) - 1);
        if (segments[rowReach][columnReach] == null) {
            segments[rowReach][columnReach] = compile(rowReach, columnReach);
        }
        segments[rowReach][columnReach].run(
                List.of(image), trace.isOn() ? List.of(result, hidden) : List.of(result));
    }

    /** What the first convolution made of the last images; only where the trace is on. */
    Tensor hidden() {
        return hidden;
    }

    private CompiledSegment compile(int rowReach, int columnReach) {
        TensorGraph graph = new TensorGraph(name);
        Conv2d how = Conv2d.padded(rowReach, columnReach);
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
            graph.output(widened);
        }
        return engine.compile(
                graph,
                Map.of(
                        "widen.weight", weights.widen().cropped(rowReach, columnReach),
                        "widen.bias", weights.widen().bias(),
                        "narrow.weight", weights.narrow().cropped(rowReach, columnReach),
                        "narrow.bias", weights.narrow().bias()));
    }

    @Override
    public void close() {
        for (CompiledSegment[] row : segments) {
            for (CompiledSegment segment : row) {
                if (segment != null) {
                    segment.close();
                }
            }
        }
    }
}
