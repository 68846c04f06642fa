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
    private final Tensor marks = Tensor.empty();
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
        Node x = graph.input("x"); // [B, C, 1, S + 2]
        Node e = graph.conv2d(x, graph.weight(TimesNetWeights.TOKEN), plain);
        if (config.task().takesTimeMarks()) {
            Node m = graph.input("marks"); // [B, n, 1, S]
            e = graph.add(e, graph.conv2d(m, graph.weight(TimesNetWeights.TIME), plain));
        }
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
        takeWindows(windows);
        takeMarks(windows.length, timeMarks);
        embedding.run(
                config.task().takesTimeMarks() ? List.of(x, marks) : List.of(x),
                trace.isOn() ? List.of(sequence, embedded) : List.of(sequence));
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

    /** Normalises windows, and puts each one's last sample before its first and so on. */
    private void takeWindows(float[][] windows) {
        int length = config.inputLength();
        int circular = length + 2;
        x.reshape(windows.length, config.channels(), 1, circular);
        normalisation.start(windows.length);
        for (int window = 0; window < windows.length; window++) {
            normalisation.apply(window, windows[window], normalised);
            for (int channel = 0; channel < config.channels(); channel++) {
                int from = channel * length;
                int to = (window * config.channels() + channel) * circular;
                x.data()[to] = normalised[from + length - 1];
                System.arraycopy(normalised, from, x.data(), to + 1, length);
                x.data()[to + circular - 1] = normalised[from];
            }
        }
    }

    private void takeMarks(int windows, float[][] timeMarks) {
        int count = config.marks().count();
        int length = config.inputLength();
        marks.reshape(windows, count, 1, length);
        if (timeMarks.length == 0) {
            // Their map has no bias: zeros add nothing.
            Arrays.fill(marks.data(), 0, marks.size(), 0);
        }
        for (int window = 0; window < timeMarks.length; window++) {
            for (int mark = 0; mark < count; mark++) {
                int to = (window * count + mark) * length;
                for (int t = 0; t < length; t++) {
                    marks.data()[to + t] = timeMarks[window][t * count + mark];
                }
            }
        }
    }

    /** From {@code [B, C, ...]} to {@code [B, length, C]}, beginning at a sample. */
    private Tensor samplesFirst(Tensor channelsFirst, int begin, int length) {
        int windows = channelsFirst.dimension(0);
        int channels = config.channels();
        int whole = channelsFirst.size() / windows / channels;
        float[] values = new float[windows * length * channels];
        for (int row = 0; row < windows * channels; row++) {
            for (int t = 0; t < length; t++) {
                values[((row / channels) * length + t) * channels + row % channels] =
                        channelsFirst.data()[row * whole + begin + t];
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
