/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;
import java.util.Map;

/**
 * Recomputes stored cases: {@code y}, and whatever lies between. A case marked {@code
 * reference_batching} is run with the periods of the batch's average spectrum, as the reference
 * runs every batch.
 */
final class TimesNetCases implements CaseRunner {
    private static final String INPUT = "x_enc";
    private static final String MARKS = "x_mark_enc";
    private static final String MASK = "mask";
    private static final float[][] NONE = {};

    private final TimesNetConfig config;
    private final Trace trace = Trace.on();
    private final Network network;

    TimesNetCases(TimesNetConfig config, TimesNetWeights weights, GraphEngine engine) {
        this.config = config;
        this.network = new Network(config, weights, engine, trace);
    }

    @Override
    public Map<String, CaseTensor> run(JsonNode description, Map<String, CaseTensor> inputs) {
        float[][] windows = samples(inputs, INPUT, config.channels());
        if (inputs.containsKey(MASK)) {
            takeOut(windows, samples(inputs, MASK, config.channels()));
        }
        float[][] marks = marks(inputs);
        if (marks.length > 0 && marks.length != windows.length) {
            throw otherCount(windows.length, MARKS, marks.length);
        }
        for (int i = 0; i < windows.length; i++) {
            windows[i] = transpose(windows[i], config.inputLength(), config.channels());
        }
        float[][] results =
                network.run(
                        windows, marks, description.path("reference_batching").asBoolean(false));
        Map<String, CaseTensor> tensors = trace.take();
        tensors.put("y", join(results));
        return tensors;
    }

    /** What is missing is stored as zeros, with a mask of zeros there and ones elsewhere. */
    private static void takeOut(float[][] windows, float[][] masks) {
        if (masks.length != windows.length) {
            throw otherCount(windows.length, MASK, masks.length);
        }
        for (int i = 0; i < windows.length; i++) {
            for (int j = 0; j < windows[i].length; j++) {
                if (masks[i][j] == 0) {
                    windows[i][j] = Float.NaN;
                }
            }
        }
    }

    private static InvalidInputException otherCount(int windows, String name, int count) {
        return new InvalidInputException(
                "%s has %d windows, %s has %d".formatted(INPUT, windows, name, count));
    }

    private float[][] marks(Map<String, CaseTensor> inputs) {
        if (!inputs.containsKey(MARKS)) {
            return NONE;
        }
        if (config.task().classifies()) {
            return windows(inputs.get(MARKS), MARKS, config.inputLength());
        }
        if (!config.task().takesTimeMarks()) {
            return NONE;
        }
        float[][] marks = samples(inputs, MARKS, config.marks().fields().size());
        for (int i = 0; i < marks.length; i++) {
            marks[i] = config.marks().features(marks[i]);
        }
        return marks;
    }

    /** The samples of each window, {@code inputLength x features}. */
    private float[][] samples(Map<String, CaseTensor> inputs, String name, int features) {
        if (!inputs.containsKey(name)) {
            throw new InvalidInputException("the case has no tensor " + name);
        }
        return windows(inputs.get(name), name, config.inputLength(), features);
    }

    /** The values of each window, of a tensor that must be of windows of a shape. */
    private static float[][] windows(CaseTensor tensor, String name, int... wanted) {
        int[] shape = tensor.shape();
        int[] each = shape.length == 0 ? shape : Arrays.copyOfRange(shape, 1, shape.length);
        if (shape.length == 0 || shape[0] < 1 || !Arrays.equals(each, wanted)) {
            String sizes = Arrays.toString(wanted);
            throw new InvalidInputException(
                    "%s has shape %s where config.json calls for [windows, %s"
                            .formatted(name, Arrays.toString(shape), sizes.substring(1)));
        }
        float[][] windows = new float[shape[0]][];
        int size = Tensor.size(wanted);
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

    private CaseTensor join(float[][] results) {
        int size = results[0].length;
        int channels = config.task().classifies() ? size : config.channels();
        int steps = size / channels;
        float[] joined = new float[results.length * size];
        for (int i = 0; i < results.length; i++) {
            float[] values = transpose(results[i], channels, steps);
            System.arraycopy(values, 0, joined, i * size, size);
        }
        return config.task().classifies()
                ? CaseTensor.of(joined, results.length, channels)
                : CaseTensor.of(joined, results.length, steps, channels);
    }

    @Override
    public void close() {
        network.close();
    }
}
