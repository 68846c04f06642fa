/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.jobs.report.HeatMap.Range;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Welch;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The power spectral density of a series over time: of blocks under a Hann taper, without their
 * mean.
 *
 * @param stepHertz from one frequency to the next, the first being 0
 * @param stepSeconds from one block to the next
 * @param densities {@code [block][frequency]}, in the square of the series' unit per hertz; NaN for
 *     a block in which a value is missing
 */
record Spectrogram(double stepHertz, double stepSeconds, double[][] densities) {

    /** How far below the loudest a picture still shows something, in decibels. */
    static final double DYNAMIC_RANGE = 80;

    /** Of a picture: a spectrum every 10 ms, of blocks of 32 ms. */
    private static final double HOP_SECONDS = 0.01;

    private static final double BLOCK_SECONDS = 0.032;
    private static final int HEIGHT = 276;

    /** That of a channel of sound. */
    static Spectrogram ofSound(Series series, int channel) {
        double hertz = series.rate().hertz();
        return of(series, channel, (int) (BLOCK_SECONDS * hertz), (int) (HOP_SECONDS * hertz));
    }

    /**
     * That of a channel.
     *
     * @param length samples of a block; the series has at least as many
     * @param hop samples from one block to the next
     */
    static Spectrogram of(Series series, int channel, int length, int hop) {
        double hertz = series.rate().hertz();
        double[] samples = new double[series.length()];
        Arrays.setAll(samples, n -> series.value(channel, n));
        Welch blocks =
                new Welch(
                        length,
                        length - hop,
                        StandardTaper.HANN,
                        Welch.Detrend.CONSTANT,
                        Welch.Scaling.DENSITY);
        return new Spectrogram(hertz / length, hop / hertz, blocks.spectrogram(samples, hertz));
    }

    /**
     * A picture of a sound.
     *
     * @param highestHertz up to which frequency it is shown
     * @param loudest the highest density that can be told from others, in decibels
     * @param width in pixels at full size
     */
    HeatMap picture(String title, double highestHertz, double loudest, int width) {
        return new HeatMap(
                title,
                new Range(0, densities.length * stepSeconds, "s"),
                new Range(0, highestHertz / 1000, "kHz"),
                new Range(loudest - DYNAMIC_RANGE, loudest, "dB"),
                decibels(highestHertz),
                width,
                HEIGHT);
    }

    /** The highest density up to a frequency, in decibels; none of silence. */
    OptionalDouble loudest(double highestHertz) {
        return Arrays.stream(decibels(highestHertz))
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .max();
    }

    /** The densities up to a frequency in decibels, {@code [frequency][block]}. */
    double[][] decibels(double highestHertz) {
        int rows = Math.min(densities[0].length, (int) (highestHertz / stepHertz) + 1);
        double[][] decibels = new double[rows][densities.length];
        for (int k = 0; k < rows; k++) {
            for (int m = 0; m < densities.length; m++) {
                decibels[k][m] = inDecibels(densities[m][k]);
            }
        }
        return decibels;
    }

    /** The mean over time in decibels, by frequency: Welch's estimate of the density. */
    double[] meanDecibels() {
        double[] mean = new double[densities[0].length];
        for (int k = 0; k < mean.length; k++) {
            int bin = k;
            mean[k] =
                    inDecibels(
                            Arrays.stream(densities)
                                    .mapToDouble(block -> block[bin])
                                    .filter(Double::isFinite)
                                    .average()
                                    .orElse(Double.NaN));
        }
        return mean;
    }

    /** The frequencies, in hertz. */
    double[] hertz() {
        double[] hertz = new double[densities[0].length];
        Arrays.setAll(hertz, k -> k * stepHertz);
        return hertz;
    }

    /** Silence, of which there is no logarithm, is left as a hole. */
    private static double inDecibels(double density) {
        return density > 0 ? 10 * Math.log10(density) : Double.NaN;
    }
}
