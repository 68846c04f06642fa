/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;

/**
 * The power spectrum of a signal as the mean of those of its overlapping parts, one-sided (Welch,
 * "The Use of Fast Fourier Transform for the Estimation of Power Spectra", IEEE Transactions on
 * Audio and Electroacoustics 15, 1967). The figures are those of {@code scipy.signal.welch}, with a
 * periodic taper. What follows the last whole part is not looked at; a missing value makes the
 * spectrum missing. {@link RunningWelch} makes such spectra along a stream.
 *
 * @param segment samples of a part, at least 1
 * @param overlap samples that a part shares with the next
 * @param taper the weights of a part
 * @param detrend what is taken away from each part first
 * @param scaling the unit of the figures
 */
public record Welch(int segment, int overlap, Taper taper, Detrend detrend, Scaling scaling)
        implements Serializable {

    /** What is taken away from each part. */
    public enum Detrend {
        NONE,
        /** Its mean. */
        CONSTANT
    }

    /** The unit, for a signal in V. */
    public enum Scaling {
        /** V²/Hz: summed over frequencies and multiplied by their distance, it is the power. */
        DENSITY,
        /** V²: a sine of amplitude {@code a} on a bin has {@code a² / 2} there. */
        SPECTRUM
    }

    public Welch {
        if (segment < 1 || overlap < 0 || overlap >= segment) {
            throw new InvalidInputException(
                    "welch: segment is %d and overlap is %d;".formatted(segment, overlap)
                            + " give at least 1 sample, and an overlap from 0 to below the"
                            + " segment");
        }
    }

    /** With half of each part shared, a Hann taper, means taken away, and power a hertz. */
    public static Welch density(int segment) {
        return new Welch(
                segment, segment / 2, StandardTaper.HANN, Detrend.CONSTANT, Scaling.DENSITY);
    }

    /** The frequencies of a spectrum, in Hz: {@code segment / 2 + 1}. */
    public double[] frequencies(double hertz) {
        double[] frequencies = new double[segment / 2 + 1];
        for (int f = 0; f < frequencies.length; f++) {
            frequencies[f] = f * hertz / segment;
        }
        return frequencies;
    }

    /**
     * The spectrum of each channel.
     *
     * @param samples {@code [channels][samples]}
     * @param hertz their rate
     * @return {@code [channels][frequencies]}
     * @throws InvalidInputException if there are fewer samples than a part has
     */
    public double[][] spectra(double[][] samples, double hertz) {
        double[][] spectra = new double[samples.length][segment / 2 + 1];
        for (int channel = 0; channel < samples.length; channel++) {
            double[][] parts = spectrogram(samples[channel], hertz);
            for (double[] part : parts) {
                for (int f = 0; f < part.length; f++) {
                    spectra[channel][f] += part[f] / parts.length;
                }
            }
        }
        return spectra;
    }

    /**
     * The spectrum of each part of a channel by itself, as {@code scipy.signal.spectrogram} with
     * the same figures; that of a part with a missing value is missing.
     *
     * @param samples of one channel
     * @param hertz their rate
     * @return {@code [parts][frequencies]}
     * @throws InvalidInputException if there are fewer samples than a part has
     */
    public double[][] spectrogram(double[] samples, double hertz) {
        if (samples.length < segment) {
            throw new InvalidInputException(
                    "welch: segment is %d, but there are only %d samples; give a shorter segment"
                            .formatted(segment, samples.length));
        }
        RealFft fft = new RealFft(segment);
        double[] weights = taper.periodic(segment);
        OneSidedPower power = power(hertz);
        int hop = segment - overlap;
        double[][] parts = new double[(samples.length - segment) / hop + 1][fft.bins()];
        double[] part = new double[segment];
        double[] re = new double[fft.bins()];
        double[] im = new double[fft.bins()];
        for (int m = 0; m < parts.length; m++) {
            int first = m * hop;
            double level = detrend == Detrend.CONSTANT ? mean(samples, first) : 0;
            for (int n = 0; n < segment; n++) {
                part[n] = (samples[first + n] - level) * weights[n];
            }
            fft.forward(part, re, im);
            for (int f = 0; f < re.length; f++) {
                parts[m][f] = power.of(re, im, f);
            }
        }
        return parts;
    }

    /** From the spectrum of a part to its figures. */
    OneSidedPower power(double hertz) {
        double[] weights = taper.periodic(segment);
        return scaling == Scaling.DENSITY
                ? OneSidedPower.density(weights, hertz)
                : OneSidedPower.wave(weights);
    }

    private double mean(double[] samples, int first) {
        double sum = 0;
        for (int n = first; n < first + segment; n++) {
            sum += samples[n];
        }
        return sum / segment;
    }
}
