/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;
import java.util.Map;

/**
 * The signals of a case.
 *
 * @param samples of each, channels by samples
 * @param subjects of each
 * @param patches of each
 */
record CaseSignals(float[][] samples, int[] subjects, int patches) {
    static final String SIGNALS = "in.X";
    static final String SUBJECTS = "in.subj_id";

    /**
     * Reads them: signals {@code [batch, time, channels]}, subjects {@code [batch, subjects]}, a
     * one for each signal's and zeros.
     */
    static CaseSignals of(Map<String, CaseTensor> inputs, DuinConfig config) {
        CaseTensor signals = tensor(inputs, SIGNALS);
        int[] shape = signals.shape();
        int channels = config.channels();
        if (shape.length != 3
                || shape[0] < 1
                || shape[2] != channels
                || shape[1] % config.patch() != 0
                || shape[1] < config.patch()
                || shape[1] > config.length()) {
            throw new InvalidInputException(
                    "%s has shape %s where config.json calls for whole patches of %d samples of %d channels"
                            .formatted(SIGNALS, Arrays.toString(shape), config.patch(), channels));
        }
        float[] all = signals.floats();
        float[][] samples = new float[shape[0]][];
        for (int i = 0; i < samples.length; i++) {
            int size = shape[1] * channels;
            samples[i] = transposed(Arrays.copyOfRange(all, i * size, (i + 1) * size), shape[1]);
        }
        return new CaseSignals(
                samples,
                chosen(inputs, SUBJECTS, shape[0], config.subjects()),
                shape[1] / config.patch());
    }

    static CaseTensor tensor(Map<String, CaseTensor> inputs, String name) {
        CaseTensor tensor = inputs.get(name);
        if (tensor == null) {
            throw new InvalidInputException("the case has no tensor " + name);
        }
        return tensor;
    }

    /** Where the one is in each row of a tensor of ones and zeros. */
    static int[] chosen(Map<String, CaseTensor> inputs, String name, int rows, int columns) {
        CaseTensor tensor = tensor(inputs, name);
        int[] chosen = new int[rows];
        boolean fits = Arrays.equals(tensor.shape(), new int[] {rows, columns});
        for (int row = 0; fits && row < rows; row++) {
            double sum = 0;
            for (int column = 0; column < columns; column++) {
                double value = tensor.values()[row * columns + column];
                sum += Math.abs(value);
                chosen[row] = value == 1 ? column : chosen[row];
            }
            fits = sum == 1;
        }
        if (!fits) {
            throw new InvalidInputException(
                    "%s must be %d rows of %d values, a single one and zeros"
                            .formatted(name, rows, columns));
        }
        return chosen;
    }

    /** Rows of a matrix as its columns. */
    static float[] transposed(float[] matrix, int rows) {
        int columns = matrix.length / rows;
        float[] transposed = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = matrix[row * columns + column];
            }
        }
        return transposed;
    }

    /** All one after the other. */
    float[] joined() {
        int size = samples[0].length;
        float[] all = new float[samples.length * size];
        for (int i = 0; i < samples.length; i++) {
            System.arraycopy(samples[i], 0, all, i * size, size);
        }
        return all;
    }

    int count() {
        return samples.length;
    }
}
