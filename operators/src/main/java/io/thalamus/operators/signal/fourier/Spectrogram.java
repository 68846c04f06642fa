/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import java.util.ArrayList;
import java.util.List;

/**
 * How strong each frequency is in each block of a {@link Stft}, whose blocks, times, latency and
 * missing values it has. Each input channel, such as {@code mic}, gives {@code length / 2 + 1}
 * channels, named {@code mic:density0}, {@code mic:density1} ... after the scaling; bin {@code k}
 * is at {@code k * rate / length} Hz.
 *
 * @param stft how the spectra are made
 * @param scaling what is told of a bin
 */
public record Spectrogram(Stft stft, Scaling scaling) implements SignalTransform {

    /** What is told of a bin, and its unit, for a signal in V. */
    public enum Scaling {
        /** V: the magnitude of the spectrum, which is not normalised. */
        MAGNITUDE("magnitude"),
        /** V²: its square. */
        POWER("power"),
        /**
         * V²/Hz: one-sided power density, as {@code scipy.signal.spectrogram} gives it without
         * detrending; the mean over all blocks is {@link Welch}'s.
         */
        DENSITY("density"),
        /**
         * dB: that density over 1 V²/Hz, {@code 10 log10}; what is below {@value #LEAST_DENSITY} of
         * it is given as that, which is -200 dB.
         */
        DECIBELS("decibels");

        private final String name;

        Scaling(String name) {
            this.name = name;
        }
    }

    /** Below every recording's own noise; digital silence would have no finite figure. */
    private static final double LEAST_DENSITY = 1e-20;

    @Override
    public PreparedTransform prepare(StreamShape input) {
        List<String> names = new ArrayList<>();
        for (int bin = 0; bin < stft.bins(); bin++) {
            names.add(scaling.name + bin);
        }
        return stft.analysis(input, names, reading(input.rate().hertz()));
    }

    private SpectrumReading reading(double hertz) {
        OneSidedPower density = OneSidedPower.density(stft.taper().periodic(stft.length()), hertz);
        return (re, im, to, at) -> {
            for (int bin = 0; bin < re.length; bin++) {
                to[at + bin] =
                        switch (scaling) {
                            case MAGNITUDE -> Math.sqrt(square(re, im, bin));
                            case POWER -> square(re, im, bin);
                            case DENSITY -> density.of(re, im, bin);
                            case DECIBELS ->
                                    10
                                            * Math.log10(
                                                    Math.max(
                                                            density.of(re, im, bin),
                                                            LEAST_DENSITY));
                        };
            }
        };
    }

    private static double square(double[] re, double[] im, int bin) {
        return re[bin] * re[bin] + im[bin] * im[bin];
    }
}
