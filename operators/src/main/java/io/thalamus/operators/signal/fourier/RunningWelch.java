/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The power spectrum of a stream as it goes along: that of {@link Welch}, to the bit, of one
 * stretch after the other, each of so many parts. With {@code hop = segment - overlap}, spectrum
 * {@code m} is the mean over the parts that begin at samples {@code (m * average + i) * hop}, for
 * {@code i} from 0 to {@code average - 1}. What follows the last whole stretch of a stream's
 * segment is not looked at; a missing or infinite value makes the spectra missing that it has a
 * share in, in its channel.
 *
 * <p>Its output is a stream of {@code rate / (hop * average)}. Each input channel, such as {@code
 * LA1}, gives {@code segment / 2 + 1} channels, named {@code LA1:density0}, {@code LA1:density1}
 * ... after the scaling, whose unit they have; bin {@code k} is at {@code k * rate / segment} Hz.
 * Latency: {@code (average - 1) * hop + segment - 1} samples.
 *
 * @param welch how a spectrum is made
 * @param average how many parts a spectrum is the mean of, at least 1
 */
public record RunningWelch(Welch welch, int average) implements SignalTransform {

    public RunningWelch {
        if (average < 1) {
            throw new InvalidInputException(
                    "welch: average is %d; give at least 1 part of the signal".formatted(average));
        }
        stft(welch);
    }

    private static Stft stft(Welch welch) {
        return new Stft(welch.segment(), welch.segment() - welch.overlap(), welch.taper(), false);
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        OneSidedPower power = welch.power(input.rate().hertz());
        List<String> names = new ArrayList<>();
        for (int bin = 0; bin <= welch.segment() / 2; bin++) {
            names.add(welch.scaling().name().toLowerCase(Locale.ROOT) + bin);
        }
        PreparedTransform parts =
                stft(welch)
                        .analysis(
                                input,
                                names,
                                welch.detrend(),
                                (re, im, to, at) -> {
                                    for (int bin = 0; bin < re.length; bin++) {
                                        to[at + bin] = power.of(re, im, bin);
                                    }
                                });
        return new Averaging(parts, average, welch.segment() - welch.overlap());
    }
}
