/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.Tensor;

/**
 * Finds the nearest code of each token, on the sphere: tokens are scaled to unit length, as codes
 * are. Of equally near codes it is the first.
 */
final class Quantizer {
    private static final double SHORTEST = 1e-12;

    private final Tensor codebook;
    private final float[] squares;
    private final Tensor points = Tensor.empty();
    private final Tensor distances = Tensor.empty();
    private final Tensor nearest = Tensor.empty();
    private int[] codes = {};

    /**
     * A quantizer.
     *
     * @param codebook {@code [codes, width]}
     */
    Quantizer(Tensor codebook) {
        this.codebook = codebook;
        this.squares = new float[codebook.dimension(0)];
        for (int code = 0; code < squares.length; code++) {
            squares[code] = (float) square(codebook.data(), code * codebook.dimension(1));
        }
    }

    private double square(float[] values, int at) {
        double sum = 0;
        for (int i = 0; i < codebook.dimension(1); i++) {
            sum += (double) values[at + i] * values[at + i];
        }
        return sum;
    }

    /**
     * Finds codes.
     *
     * @param raw tokens of any length, {@code [B, patches, width]}
     * @param products of these with all codes, {@code [B, patches, codes]}
     */
    void run(Tensor raw, Tensor products) {
        int width = codebook.dimension(1);
        int tokens = raw.size() / width;
        points.reshape(raw.shape());
        nearest.reshape(raw.shape());
        distances.reshape(products.shape());
        if (codes.length != tokens) {
            codes = new int[tokens];
        }
        for (int token = 0; token < tokens; token++) {
            int at = token * width;
            double length = Math.max(Math.sqrt(square(raw.data(), at)), SHORTEST);
            for (int i = 0; i < width; i++) {
                points.data()[at + i] = (float) (raw.data()[at + i] / length);
            }
            codes[token] = nearest(token, length, products.data());
            System.arraycopy(codebook.data(), codes[token] * width, nearest.data(), at, width);
        }
    }

    private int nearest(int token, double length, float[] products) {
        float own = (float) square(points.data(), token * codebook.dimension(1));
        float factor = (float) (2 / length);
        int first = token * squares.length;
        int best = 0;
        for (int code = 0; code < squares.length; code++) {
            float distance = own + squares[code] - factor * products[first + code];
            distances.data()[first + code] = distance;
            if (distance < distances.data()[first + best]) {
                best = code;
            }
        }
        return best;
    }

    /** The code of each token of the last run. */
    int[] codes() {
        return codes;
    }

    /** The tokens at unit length. */
    Tensor points() {
        return points;
    }

    /** The squared distances of all codes. */
    Tensor distances() {
        return distances;
    }

    /** The code vector of each token. */
    Tensor nearest() {
        return nearest;
    }
}
