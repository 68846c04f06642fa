/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
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
    private final Tensor tokens = Tensor.empty();
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

    private TensorGraph embeddingGraph() {
        TensorGraph graph = new TensorGraph("embedding");
        Node x = graph.input("tokens"); // [B, S, 3 C]
        Node e = graph.dense(x, graph.weight(TimesNetWeights.TOKEN));
        if (config.task().takesTimeMarks()) {
            Node m = graph.input("marks"); // [B, S, n]
            e = graph.add(e, graph.dense(m, graph.weight(TimesNetWeights.TIME)));
        }
        e = graph.add(e, graph.weight(TimesNetWeights.POSITION)); // [B, S, D]
        Node longer =
                graph.dense(
                        graph.transpose(e, 0, 2, 1),
                        graph.weight(TimesNetWeights.PREDICT_WEIGHT),
                        graph.weight(TimesNetWeights.PREDICT_BIAS)); // [B, D, T]
        graph.output(graph.transpose(longer, 0, 2, 1));
        if (trace.isOn()) {
            graph.output(e);
        }
        return graph;
    }

    private static TensorGraph projectionGraph() {
        TensorGraph graph = new TensorGraph("projection");
        graph.output(
                graph.dense(
                        graph.input("x"), // [B, T, D]
                        graph.weight(TimesNetWeights.PROJECTION_WEIGHT),
                        graph.weight(TimesNetWeights.PROJECTION_BIAS)));
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
        takeTokens(windows);
        takeMarks(windows.length, timeMarks);
        embedding.run(
                config.task().takesTimeMarks() ? List.of(tokens, marks) : List.of(tokens),
                trace.isOn() ? List.of(sequence, embedded) : List.of(sequence));
        if (trace.isOn()) {
            traceNormalised();
            trace.add("stage.embedding", embedded);
            trace.add("stage.predict_linear", sequence);
        }
        encoder.run(sequence, sharePeriods);
        projection.run(List.of(sequence), List.of(projected));
        if (trace.isOn()) {
            trace.add("stage.projection", projected);
        }
        float[][] forecasts = new float[windows.length][];
        for (int window = 0; window < forecasts.length; window++) {
            forecasts[window] = forecast(window);
        }
        return forecasts;
    }

    /**
     * Lays each sample beside its neighbours, so that the token convolution is a product; the
     * window's ends are neighbours.
     */
    private void takeTokens(float[][] windows) {
        int channels = config.channels();
        int length = config.inputLength();
        int taps = TimesNetWeights.TOKEN_TAPS;
        int row = channels * taps;
        tokens.reshape(windows.length, length, row);
        normalisation.start(windows.length);
        for (int window = 0; window < windows.length; window++) {
            normalisation.apply(window, windows[window], normalised);
            int first = window * length * row;
            for (int channel = 0; channel < channels; channel++) {
                for (int t = 0; t < length; t++) {
                    float value = normalised[channel * length + t];
                    int before = t == 0 ? length - 1 : t - 1;
                    int after = t == length - 1 ? 0 : t + 1;
                    int column = first + channel * taps;
                    tokens.data()[column + after * row] = value;
                    tokens.data()[column + t * row + 1] = value;
                    tokens.data()[column + before * row + 2] = value;
                }
            }
        }
    }

    private void takeMarks(int windows, float[][] timeMarks) {
        int size = config.inputLength() * config.marks().count();
        marks.reshape(windows, config.inputLength(), config.marks().count());
        if (timeMarks.length == 0) {
            // Their map has no bias: zeros add nothing.
            Arrays.fill(marks.data(), 0, marks.size(), 0);
        }
        for (int window = 0; window < timeMarks.length; window++) {
            System.arraycopy(timeMarks[window], 0, marks.data(), window * size, size);
        }
    }

    private void traceNormalised() {
        int channels = config.channels();
        float[] values = new float[tokens.size() / TimesNetWeights.TOKEN_TAPS];
        for (int i = 0; i < values.length; i++) {
            values[i] = tokens.data()[i * TimesNetWeights.TOKEN_TAPS + 1];
        }
        trace.add(
                "stage.normalised",
                Tensor.of(values, tokens.dimension(0), config.inputLength(), channels));
    }

    private float[] forecast(int window) {
        int channels = config.channels();
        int horizon = config.horizon();
        int first = (window * config.length() + config.inputLength()) * channels;
        float[] values = new float[channels * horizon];
        for (int channel = 0; channel < channels; channel++) {
            for (int t = 0; t < horizon; t++) {
                float value = projected.data()[first + t * channels + channel];
                values[channel * horizon + t] = normalisation.undo(window, channel, value);
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
