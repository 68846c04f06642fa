/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;

/** From gradients by the amplitudes of bins, averaged over features, to those by the samples. */
final class SpectrumGradient {
    private final int length;
    private final int features;
    private final double[] cosines;
    private final double[] sines;
    private final double[] re;
    private final double[] im;

    SpectrumGradient(int length, int features) {
        this.length = length;
        this.features = features;
        this.cosines = new double[length];
        this.sines = new double[length];
        for (int t = 0; t < length; t++) {
            cosines[t] = StrictMath.cos(2 * Math.PI * t / length);
            sines[t] = StrictMath.sin(2 * Math.PI * t / length);
        }
        this.re = new double[features];
        this.im = new double[features];
    }

    /**
     * Adds the gradient by the samples of a window.
     *
     * @param sequences {@code [windows, length, features]}
     * @param bins those that have a gradient
     * @param byAmplitudes by the mean over features of the amplitude of each of these bins
     * @param bySamples of the shape of the sequences
     */
    void add(Tensor sequences, int window, int[] bins, double[] byAmplitudes, Tensor bySamples) {
        int first = window * length * features;
        for (int i = 0; i < bins.length; i++) {
            transform(sequences.data(), first, bins[i]);
            for (int feature = 0; feature < features; feature++) {
                double amplitude = Math.sqrt(re[feature] * re[feature] + im[feature] * im[feature]);
                // an amplitude of zero has no gradient
                double factor = amplitude == 0 ? 0 : byAmplitudes[i] / (amplitude * features);
                re[feature] *= factor;
                im[feature] *= factor;
            }
            add(bins[i], bySamples.data(), first);
        }
    }

    /** The sums {@code x[t] exp(-2 pi i bin t / length)} of each feature. */
    private void transform(float[] samples, int first, int bin) {
        Arrays.fill(re, 0);
        Arrays.fill(im, 0);
        for (int t = 0; t < length; t++) {
            int angle = angle(bin, t);
            for (int feature = 0; feature < features; feature++) {
                double sample = samples[first + t * features + feature];
                re[feature] += sample * cosines[angle];
                im[feature] -= sample * sines[angle];
            }
        }
    }

    private void add(int bin, float[] bySamples, int first) {
        for (int t = 0; t < length; t++) {
            int angle = angle(bin, t);
            for (int feature = 0; feature < features; feature++) {
                bySamples[first + t * features + feature] +=
                        (float) (re[feature] * cosines[angle] - im[feature] * sines[angle]);
            }
        }
    }

    private int angle(int bin, int t) {
        return (int) ((long) bin * t % length);
    }
}
