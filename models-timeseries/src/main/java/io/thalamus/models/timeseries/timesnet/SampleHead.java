/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.List;

/**
 * Maps each sample of a sequence to the channels, in the units of the window: {@code channels x
 * samples} values, of the horizon for a forecast, else of the window.
 */
final class SampleHead implements Head {
    private final int channels;
    private final int first;
    private final Normalisation normalisation;
    private final CompiledSegment projection;
    private final Trace trace;
    private final Tensor projected = Tensor.empty();

    /**
     * For one network.
     *
     * @param normalisation knows the units of the batch's windows
     */
    SampleHead(
            TimesNetConfig config,
            Normalisation normalisation,
            TimesNetWeights weights,
            GraphEngine engine,
            Trace trace) {
        this.channels = config.channels();
        this.first = config.task().forecasts() ? config.inputLength() : 0;
        this.normalisation = normalisation;
        this.projection = engine.compile(graph(), weights.tensors());
        this.trace = trace;
    }

    private static TensorGraph graph() {
        TensorGraph graph = new TensorGraph("projection");
        Node x = graph.transpose(graph.input("x"), 0, 2, 1); // [B, D, T]
        Node projected =
                graph.conv2d(
                        graph.reshape(x, 0, 0, 1, -1),
                        graph.weight(TimesNetWeights.PROJECTION_WEIGHT),
                        graph.weight(TimesNetWeights.PROJECTION_BIAS),
                        Conv2d.padded(0, 0)); // [B, C, 1, T]
        graph.output(graph.reshape(projected, 0, 0, -1));
        return graph;
    }

    @Override
    public float[][] run(Tensor sequence, float[][] marks) {
        projection.run(List.of(sequence), List.of(projected));
        if (trace.isOn()) {
            trace.addSamplesFirst("stage.projection", projected, channels, 0);
        }
        float[][] values = new float[projected.dimension(0)][];
        for (int window = 0; window < values.length; window++) {
            values[window] = inOwnUnits(window);
        }
        return values;
    }

    private float[] inOwnUnits(int window) {
        int length = projected.dimension(2);
        int samples = length - first;
        float[] values = new float[channels * samples];
        for (int channel = 0; channel < channels; channel++) {
            int from = (window * channels + channel) * length + first;
            for (int t = 0; t < samples; t++) {
                values[channel * samples + t] =
                        normalisation.undo(window, channel, projected.data()[from + t]);
            }
        }
        return values;
    }

    @Override
    public void close() {
        projection.close();
    }
}
