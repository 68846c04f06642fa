/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A normalisation, then a gain and an offset for each channel, which a stream may have moved. A row
 * is one channel of one window; subclasses say what each row is centred and scaled by.
 */
abstract class NormLayer implements Layer {
    private final String name;
    private final Parameter gain;
    private final Parameter offset;
    private final double[] slopes;
    private final Tensor result = Tensor.empty();
    private Tensor input;
    private double[] gains = new double[0];
    private double[] offsets = new double[0];

    /** Of each row. */
    private double[] means = new double[0];

    /** 1 over the deviation of each row. */
    private double[] inverses = new double[0];

    /** Sums over each row on the way back: of the gradient, and of it times what was normalised. */
    private double[] sums = new double[0];

    private double[] products = new double[0];

    NormLayer(String name, float[] gain, float[] offset) {
        this.name = name;
        this.gain = new Parameter(name + ".weight", gain);
        this.offset = new Parameter(name + ".bias", offset);
        slopes = new double[2 * gain.length];
    }

    final String name() {
        return name;
    }

    final int channels() {
        return gain.source().length;
    }

    final Parameter gain() {
        return gain;
    }

    final Parameter offset() {
        return offset;
    }

    /** Running statistics that a stream may have moved. */
    abstract List<Parameter> statistics();

    /** What it was given in the last run. */
    final Tensor input() {
        return input;
    }

    /** What it gave in the last run. */
    final Tensor result() {
        return result;
    }

    @Override
    public final Tensor forward(Tensor maps, List<FastWeights> learned) {
        input = maps;
        int rows = maps.dimension(0) * channels();
        if (means.length < rows) {
            gains = new double[rows];
            offsets = new double[rows];
            means = new double[rows];
            inverses = new double[rows];
            sums = new double[rows];
            products = new double[rows];
        }
        for (int window = 0; window < maps.dimension(0); window++) {
            float[] ownGain = gain.of(learned.get(window));
            float[] ownOffset = offset.of(learned.get(window));
            for (int k = 0; k < channels(); k++) {
                gains[window * channels() + k] = ownGain[k];
                offsets[window * channels() + k] = ownOffset[k];
            }
        }
        measure(maps, learned, means, inverses);
        int time = maps.dimension(3);
        float[] from = maps.data();
        float[] to = result.reshape(maps.shape()).data();
        for (int row = 0; row < rows; row++) {
            double scale = gains[row] * inverses[row];
            float factor = (float) scale;
            float summand = (float) (offsets[row] - means[row] * scale);
            for (int i = row * time; i < (row + 1) * time; i++) {
                to[i] = factor * from[i] + summand;
            }
        }
        return result;
    }

    /** Finds what each row is centred and scaled by. */
    abstract void measure(
            Tensor maps, List<FastWeights> learned, double[] rowMeans, double[] rowInverses);

    /** Those among layers. */
    static List<NormLayer> among(List<Layer> layers) {
        return layers.stream()
                .filter(NormLayer.class::isInstance)
                .map(NormLayer.class::cast)
                .toList();
    }

    /**
     * The gradients by gains, then those by offsets, of {@link #measureSlopes}; the layer's own.
     */
    final double[] slopes() {
        return slopes;
    }

    /**
     * Finds the gradients by gains and offsets, of windows of one stream.
     *
     * @param gradient by the result of the last run
     */
    final void measureSlopes(Tensor gradient) {
        measureSlopes(gradient, input);
    }

    /**
     * The same where the gradient by all of the result but some of each row is 0.
     *
     * @param gradient by those
     * @param maps what {@link #input} has at the same places
     */
    final void measureSlopes(Tensor gradient, Tensor maps) {
        sum(gradient, maps, means, sums, products);
        Arrays.fill(slopes, 0);
        for (int row = 0; row < input.dimension(0) * channels(); row++) {
            products[row] *= inverses[row];
            slopes[row % channels()] += products[row];
            slopes[channels() + row % channels()] += sums[row];
        }
    }

    /**
     * Adds up a gradient: each row, or of rows that only count together all in the first of them,
     * and 0 in the others.
     *
     * @param gradient by the result of the last run
     * @param maps of the last run, at the same places
     * @param rowMeans what their rows were centred by
     * @param rowSums takes the sums of the gradient
     * @param rowProducts takes those of the gradient times the centred maps
     */
    abstract void sum(
            Tensor gradient,
            Tensor maps,
            double[] rowMeans,
            double[] rowSums,
            double[] rowProducts);

    /** After {@link #measureSlopes} of the same gradient. */
    @Override
    public final Tensor backward(Tensor gradient) {
        int rows = input.dimension(0) * channels();
        for (int row = 0; row < rows; row++) {
            sums[row] *= gains[row];
            products[row] *= gains[row];
        }
        couple(sums, products, input.dimension(0), input.dimension(3));
        int time = input.dimension(3);
        float[] values = input.data();
        float[] slope = gradient.data();
        for (int row = 0; row < rows; row++) {
            double inverse = inverses[row];
            float direct = (float) (gains[row] * inverse);
            float along = (float) (products[row] * inverse * inverse);
            double centre = means[row] - drift(row % channels());
            float constant = (float) (sums[row] * inverse - centre * along);
            for (int i = row * time; i < (row + 1) * time; i++) {
                slope[i] = direct * slope[i] - along * values[i] - constant;
            }
        }
        return gradient;
    }

    /**
     * What the values of a row have in common because they moved the statistics of the last run.
     *
     * @param rowSums of each row's gradient by what was normalised; replaced by the mean over all
     *     values that moved its statistics, times how far they did
     * @param rowProducts the same of that gradient times what was normalised
     */
    abstract void couple(double[] rowSums, double[] rowProducts, int windows, int time);

    /** How far the means of a channel that were used are from those of the values themselves. */
    abstract double drift(int channel);
}
