/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Log-mel features, the usual input of networks for speech: the logarithm of how much power of each
 * block of a {@link Stft} lies in each band of a {@link MelBank}, {@code log(sum over bins of
 * weight * |spectrum|² + floor)}. Blocks, times, latency and missing values are those of the {@link
 * Stft}.
 *
 * <p>Each input channel, such as {@code mic}, gives {@code bands} channels, named {@code mic:mel0},
 * {@code mic:mel1} ... from the lowest on.
 *
 * @param stft how the spectra are made, which are not normalised
 * @param bank the bands
 * @param floor added to the power, above 0, in the square of the input's unit; what silence gives
 * @param logarithm of what
 */
public record LogMel(Stft stft, MelBank bank, double floor, Logarithm logarithm)
        implements SignalTransform {

    /** Logarithms of powers. */
    public enum Logarithm {
        /** {@code ln}. */
        NATURAL(1),
        /** dB: {@code 10 log10}. */
        DECIBELS(10 / StrictMath.log(10));

        private final double factor;

        Logarithm(double factor) {
            this.factor = factor;
        }
    }

    public LogMel {
        if (!(floor > 0) || Double.isInfinite(floor)) {
            throw new InvalidInputException(
                    "log-mel: floor is %s; give a number above 0, such as 1e-6".formatted(floor));
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        List<String> names = new ArrayList<>();
        for (int band = 0; band < bank.bands(); band++) {
            names.add("mel" + band);
        }
        return stft.analysis(input, names, reading(bank.weights(stft.length(), input.rate())));
    }

    private SpectrumReading reading(double[][] weights) {
        int[] first = new int[weights.length];
        int[] end = new int[weights.length];
        for (int band = 0; band < weights.length; band++) {
            first[band] = stft.bins();
            for (int bin = 0; bin < stft.bins(); bin++) {
                if (weights[band][bin] > 0) {
                    first[band] = Math.min(first[band], bin);
                    end[band] = bin + 1;
                }
            }
        }
        return (re, im, to, at) -> {
            for (int band = 0; band < weights.length; band++) {
                double sum = 0;
                for (int bin = first[band]; bin < end[band]; bin++) {
                    sum += weights[band][bin] * (re[bin] * re[bin] + im[bin] * im[bin]);
                }
                to[at + band] = logarithm.factor * Math.log(sum + floor);
            }
        };
    }
}
