/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.Arrays;
import java.util.List;

/**
 * Maps a whole sequence to one logit for each class. Samples that are padding count as zeros here;
 * the blocks have seen them like others.
 */
final class ClassHead implements Head {
    private final CompiledSegment projection;
    private final Trace trace;
    private final Tensor present = Tensor.empty();
    private final Tensor logits = Tensor.empty();

    ClassHead(TimesNetWeights weights, GraphEngine engine, Trace trace) {
        this.projection = engine.compile(graph(), weights.tensors());
        this.trace = trace;
    }

    private static TensorGraph graph() {
        TensorGraph graph = new TensorGraph("projection");
        Node x = graph.gelu(graph.input("x")); // [B, T, D]
        Node present = graph.input("present"); // [B, T, 1]
        x = graph.reshape(graph.multiply(x, present), 0, -1, 1, 1); // [B, T D, 1, 1]
        Node logits =
                graph.conv2d(
                        x,
                        graph.weight(TimesNetWeights.PROJECTION_WEIGHT),
                        graph.weight(TimesNetWeights.PROJECTION_BIAS),
                        Conv2d.padded(0, 0)); // [B, K, 1, 1]
        graph.output(graph.reshape(logits, 0, -1));
        return graph;
    }

    @Override
    public float[][] run(Tensor sequence, float[][] marks) {
        int windows = sequence.dimension(0);
        int length = sequence.dimension(1);
        present.reshape(windows, length, 1);
        Arrays.fill(present.data(), 0, present.size(), 1);
        for (int window = 0; window < marks.length; window++) {
            System.arraycopy(marks[window], 0, present.data(), window * length, length);
        }
        projection.run(List.of(sequence, present), List.of(logits));
        if (trace.isOn()) {
            trace.add("stage.projection", logits);
        }
        int classes = logits.dimension(1);
        float[][] values = new float[windows][];
        for (int window = 0; window < windows; window++) {
            int from = window * classes;
            values[window] = Arrays.copyOfRange(logits.data(), from, from + classes);
        }
        return values;
    }

    @Override
    public void close() {
        projection.close();
    }
}
