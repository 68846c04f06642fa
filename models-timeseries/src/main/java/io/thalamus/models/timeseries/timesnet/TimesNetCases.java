/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Recomputes stored cases: {@code y}, and whatever lies between. A case marked {@code
 * reference_batching} is run with the periods of the batch's average spectrum, as the reference
 * runs every batch.
 */
final class TimesNetCases implements CaseRunner {
    private static final String INPUT = "x_enc";
    private static final String MARKS = "x_mark_enc";
    private static final String OUTPUT = "y";

    private final TimesNetConfig config;
    private final Trace trace = Trace.on();
    private final ForecastNetwork network;

    TimesNetCases(TimesNetConfig config, TimesNetWeights weights, GraphEngine engine) {
        this.config = config;
        this.network = new ForecastNetwork(config, weights, engine, trace);
    }

    @Override
    public Map<String, CaseTensor> run(JsonNode description, Map<String, CaseTensor> inputs) {
        if (!inputs.containsKey(INPUT)) {
            throw new InvalidInputException("the case has no tensor " + INPUT);
        }
        float[][] windows = samples(inputs, INPUT, config.channels());
        float[][] marks =
                inputs.containsKey(MARKS) && config.task().takesTimeMarks()
                        ? samples(inputs, MARKS, config.marks().count())
                        : new float[0][];
        if (marks.length > 0 && marks.length != windows.length) {
            throw new InvalidInputException(
                    "%s has %d windows, %s has %d"
                            .formatted(INPUT, windows.length, MARKS, marks.length));
        }
        for (int i = 0; i < windows.length; i++) {
            windows[i] = transpose(windows[i], config.inputLength(), config.channels());
        }
        float[][] forecasts =
                network.run(
                        windows, marks, description.path("reference_batching").asBoolean(false));
        Map<String, CaseTensor> tensors = trace.take();
        tensors.put(OUTPUT, join(forecasts));
        return tensors;
    }

    @Override
    public Map<String, CaseTensor> record(SignalFrame window) {
        int length = config.inputLength();
        int channels = config.channels();
        Map<String, CaseTensor> tensors = new LinkedHashMap<>();
        tensors.put(
                INPUT,
                CaseTensor.of(transpose(window.samples(), channels, length), 1, length, channels));
        if (config.task().takesTimeMarks()) {
            float[] marks = config.marks().of(window.startNanos(), window.rate(), length);
            tensors.put(MARKS, CaseTensor.of(marks, 1, length, config.marks().count()));
        }
        tensors.put(OUTPUT, run(MissingNode.getInstance(), tensors).get(OUTPUT));
        return tensors;
    }

    /** The samples of each window, {@code inputLength x features}. */
    private float[][] samples(Map<String, CaseTensor> inputs, String name, int features) {
        CaseTensor tensor = inputs.get(name);
        int[] shape = tensor.shape();
        if (shape.length != 3
                || shape[0] < 1
                || shape[1] != config.inputLength()
                || shape[2] != features) {
            throw new InvalidInputException(
                    "%s has shape %s where config.json calls for [windows, %d, %d]"
                            .formatted(
                                    name, Arrays.toString(shape), config.inputLength(), features));
        }
        float[][] windows = new float[shape[0]][];
        int size = shape[1] * shape[2];
        float[] all = tensor.floats();
        for (int i = 0; i < windows.length; i++) {
            windows[i] = Arrays.copyOfRange(all, i * size, (i + 1) * size);
        }
        return windows;
    }

    private static float[] transpose(float[] matrix, int rows, int columns) {
        float[] transposed = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = matrix[row * columns + column];
            }
        }
        return transposed;
    }

    private CaseTensor join(float[][] forecasts) {
        int size = config.channels() * config.horizon();
        float[] joined = new float[forecasts.length * size];
        for (int i = 0; i < forecasts.length; i++) {
            float[] steps = transpose(forecasts[i], config.channels(), config.horizon());
            System.arraycopy(steps, 0, joined, i * size, size);
        }
        return CaseTensor.of(joined, forecasts.length, config.horizon(), config.channels());
    }

    @Override
    public void close() {
        network.close();
    }
}
