/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.models.timeseries.timesnet.FoldConvolutions.Reach;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The convolutions of {@link FoldConvolutions}, forth and back. */
final class FoldGradients implements AutoCloseable {
    private final GraphEngine engine;
    private final String name;
    private final Map<Reach, RecordedSegment> segments = new HashMap<>();
    private final Map<Reach, Map<String, Tensor>> byKernels = new HashMap<>();

    /** Those that have the weights of this step. */
    private final Set<Reach> current = new HashSet<>();

    private TimesNetWeights.Inceptions weights;

    FoldGradients(GraphEngine engine, String name) {
        this.engine = engine;
        this.name = name;
    }

    /** Takes the weights of the next batch. */
    void set(TimesNetWeights.Inceptions newWeights) {
        weights = newWeights;
        current.clear();
    }

    /** Runs the convolutions as {@link FoldConvolutions#run}. */
    void forward(Tensor image, Tensor result) {
        Reach reach = Reach.of(weights, image);
        if (current.add(reach)) {
            start(reach);
        }
        segments.get(reach).forward(List.of(image), result);
    }

    private void start(Reach reach) {
        Map<String, Tensor> kernels = FoldConvolutions.kernels(weights, reach);
        if (segments.containsKey(reach)) {
            segments.get(reach).set(kernels);
            byKernels.get(reach).values().forEach(sum -> Arrays.fill(sum.data(), 0));
            return;
        }
        TensorGraph graph = new TensorGraph(name);
        graph.output(
                FoldConvolutions.narrowed(graph, reach, FoldConvolutions.widened(graph, reach)));
        segments.put(reach, new RecordedSegment(engine.compileForTraining(graph, kernels)));
        Map<String, Tensor> sums = new HashMap<>();
        kernels.forEach(
                (weight, value) ->
                        sums.put(weight, Tensor.of(new float[value.size()], value.shape())));
        byKernels.put(reach, sums);
    }

    /**
     * Goes back through the last run that has not been gone back through.
     *
     * @param byResult of the shape of the image
     * @param byImage takes the gradient by the image
     */
    void backward(Tensor byResult, Tensor byImage) {
        Reach reach = Reach.of(weights, byResult);
        segments.get(reach).backward(byResult, List.of(byImage), byKernels.get(reach));
    }

    /** The same without the gradients by the weights. */
    void backwardToImage(Tensor byResult, Tensor byImage) {
        Reach reach = Reach.of(weights, byResult);
        segments.get(reach).backward(byResult, List.of(byImage), Map.of());
    }

    /** Adds the gradients of all runs of this batch. */
    void addTo(TimesNetWeights.Inceptions sums) {
        // in an order of its own, as rounding depends on it
        current.stream()
                .sorted(Reach.ORDER)
                .forEach(
                        reach -> {
                            Map<String, Tensor> by = byKernels.get(reach);
                            sums.widen()
                                    .addSized(
                                            by.get(FoldConvolutions.WIDEN_WEIGHT),
                                            by.get(FoldConvolutions.WIDEN_BIAS));
                            sums.narrow()
                                    .addSized(
                                            by.get(FoldConvolutions.NARROW_WEIGHT),
                                            by.get(FoldConvolutions.NARROW_BIAS));
                        });
    }

    @Override
    public void close() {
        segments.values().forEach(RecordedSegment::close);
    }
}
