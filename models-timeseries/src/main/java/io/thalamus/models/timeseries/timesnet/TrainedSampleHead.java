/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.Dropout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A {@link SampleHead}, forth and back. */
final class TrainedSampleHead implements TrainedHead {
    private final int channels;
    private final int first;
    private final Normalisation normalisation;
    private final RecordedSegment projection;
    private final Tensor projected = Tensor.empty();
    private final Tensor byProjected = Tensor.empty();

    TrainedSampleHead(
            TimesNetConfig config,
            Normalisation normalisation,
            TimesNetWeights weights,
            GraphEngine engine) {
        this.channels = config.channels();
        this.first = config.task().forecasts() ? config.inputLength() : 0;
        this.normalisation = normalisation;
        this.projection =
                new RecordedSegment(
                        engine.compileForTraining(SampleHead.graph(), weights.tensors()));
    }

    @Override
    public void set(Map<String, Tensor> weights) {
        projection.set(weights);
    }

    @Override
    public float[][] forward(Tensor sequence, Dropout dropout) {
        projection.forward(List.of(sequence), projected);
        float[][] values = new float[projected.dimension(0)][];
        for (int window = 0; window < values.length; window++) {
            values[window] = normalisation.undo(window, projected, first);
        }
        return values;
    }

    @Override
    public void backward(float[][] byValues, Tensor bySequence, Map<String, Tensor> byWeights) {
        int length = projected.dimension(2);
        int samples = length - first;
        byProjected.reshape(projected.shape());
        Arrays.fill(byProjected.data(), 0, byProjected.size(), 0);
        for (int window = 0; window < byValues.length; window++) {
            for (int channel = 0; channel < channels; channel++) {
                double unit = normalisation.deviation(window, channel);
                int to = (window * channels + channel) * length + first;
                for (int t = 0; t < samples; t++) {
                    byProjected.data()[to + t] =
                            (float) (byValues[window][channel * samples + t] * unit);
                }
            }
        }
        projection.backward(byProjected, List.of(bySequence), byWeights);
    }

    @Override
    public void close() {
        projection.close();
    }
}
