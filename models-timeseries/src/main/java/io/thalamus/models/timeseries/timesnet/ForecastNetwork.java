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
 * The forecasting network: normalise, embed, continue the window past its end, encode, project, and
 * return to the window's units. Holds nothing of one batch but buffers.
 */
final class ForecastNetwork implements AutoCloseable {
    private final TimesNetConfig config;
    private final Trace trace;
    private final Normalisation normalisation;
    private final CompiledSegment embedding;
    private final Encoder encoder;
    private final CompiledSegment projection;

    private final float[] normalised;
    private final Tensor x = Tensor.empty();
    private final Tensor sequence = Tensor.empty();
    private final Tensor embedded = Tensor.empty();
    private final Tensor projected = Tensor.empty();

    ForecastNetwork(
            TimesNetConfig config, TimesNetWeights weights, GraphEngine engine, Trace trace) {
        this.config = config;
        this.trace = trace;
        this.normalisation =
                new Normalisation(
                        config.channels(), config.inputLength(), config.normalisationEpsilon());
        this.normalised = new float[config.channels() * config.inputLength()];
        this.embedding = engine.compile(embeddingGraph(), weights.tensors());
        this.encoder = new Encoder(config, config.length(), weights, engine, trace);
        this.projection = engine.compile(projectionGraph(), weights.tensors());
    }

    /**
     * Linear maps are convolutions with one tap here: a dense layer rounds differently when it has
     * few rows, as a lone short or narrow window has.
     */
    private TensorGraph embeddingGraph() {
        TensorGraph graph = new TensorGraph("embedding");
        Conv2d plain = Conv2d.padded(0, 0);
        Node x = graph.input("x"); // [B, C + n, 1, S + 2]
        Node e = graph.conv2d(x, graph.weight(TimesNetWeights.EMBEDDING), plain);
        e = graph.transpose(e, 0, 3, 2, 1); // [B, S, 1, D]
        e = graph.add(e, graph.reshape(graph.weight(TimesNetWeights.POSITION), 0, 1, -1));
        Node longer =
                graph.conv2d(
                        e,
                        graph.weight(TimesNetWeights.PREDICT_WEIGHT),
                        graph.weight(TimesNetWeights.PREDICT_BIAS),
                        plain); // [B, T, 1, D]
        graph.output(graph.reshape(longer, 0, 0, -1));
        if (trace.isOn()) {
            graph.output(graph.reshape(e, 0, 0, -1));
        }
        return graph;
    }

    private static TensorGraph projectionGraph() {
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

    /**
     * Forecasts a batch.
     *
     * @param windows {@code channels x inputLength} values each
     * @param timeMarks for each window {@code inputLength x marks} features; none if the network is
     *     not told the time
     * @param sharePeriods see {@link PeriodSearch#run}
     * @return {@code channels x horizon} values for each window
     */
    float[][] run(float[][] windows, float[][] timeMarks, boolean sharePeriods) {
        take(windows, timeMarks);
        embedding.run(List.of(x), trace.isOn() ? List.of(sequence, embedded) : List.of(sequence));
        if (trace.isOn()) {
            trace.add("stage.normalised", samplesFirst(x, 1, config.inputLength()));
            trace.add("stage.embedding", embedded);
            trace.add("stage.predict_linear", sequence);
        }
        encoder.run(sequence, sharePeriods);
        projection.run(List.of(sequence), List.of(projected));
        if (trace.isOn()) {
            trace.add("stage.projection", samplesFirst(projected, 0, config.length()));
        }
        float[][] forecasts = new float[windows.length][];
        for (int window = 0; window < forecasts.length; window++) {
            forecasts[window] = forecast(window);
        }
        return forecasts;
    }

    /**
     * Lays out each window's channels, normalised, with the last sample before the first and the
     * first after the last; and its time features.
     */
    private void take(float[][] windows, float[][] timeMarks) {
        int channels = config.channels();
        int length = config.inputLength();
        int row = length + 2;
        x.reshape(windows.length, channels + config.timeMarks(), 1, row);
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
            if (timeMarks.length > 0) {
                takeMarks(timeMarks[window], to);
            }
            to += config.timeMarks() * row;
        }
    }

    private void takeMarks(float[] timeMarks, int to) {
        int length = config.inputLength();
        int count = config.timeMarks();
        for (int mark = 0; mark < count; mark++) {
            int first = to + mark * (length + 2) + 1;
            for (int t = 0; t < length; t++) {
                x.data()[first + t] = timeMarks[t * count + mark];
            }
        }
    }

    /** From {@code [B, C or more, ...]} to {@code [B, length, C]}, beginning at a sample. */
    private Tensor samplesFirst(Tensor channelsFirst, int begin, int length) {
        int windows = channelsFirst.dimension(0);
        int channels = config.channels();
        int rows = channelsFirst.dimension(1);
        int whole = channelsFirst.size() / windows / rows;
        float[] values = new float[windows * length * channels];
        for (int window = 0; window < windows; window++) {
            for (int channel = 0; channel < channels; channel++) {
                int from = (window * rows + channel) * whole + begin;
                for (int t = 0; t < length; t++) {
                    values[(window * length + t) * channels + channel] =
                            channelsFirst.data()[from + t];
                }
            }
        }
        return Tensor.of(values, windows, length, channels);
    }

    private float[] forecast(int window) {
        int channels = config.channels();
        int horizon = config.horizon();
        float[] values = new float[channels * horizon];
        for (int channel = 0; channel < channels; channel++) {
            int first = (window * channels + channel) * config.length() + config.inputLength();
            for (int t = 0; t < horizon; t++) {
                values[channel * horizon + t] =
                        normalisation.undo(window, channel, projected.data()[first + t]);
            }
        }
        return values;
    }

    @Override
    public void close() {
        projection.close();
        encoder.close();
        embedding.close();
    }
}
