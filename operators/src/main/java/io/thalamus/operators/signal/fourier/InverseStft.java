/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;

/**
 * From the spectra of a {@link Stft} back to the signal, by weighted overlap-add: each block is
 * tapered once more, and the sum is divided by that of the squared tapers, as {@code torch.istft}
 * does (Griffin and Lim, "Signal Estimation from Modified Short-Time Fourier Transform", IEEE
 * Transactions ASSP 32, 1984). Spectra that nothing changed give the signal again, to rounding; of
 * others, the signal whose spectra are nearest to them.
 *
 * <p>Its input is a stream with the channels and the rate that the {@link Stft} gives; its output
 * has the channels and the rate that the {@link Stft} was given. Where the tapers do not reach, as
 * at the first sample of blocks that are not centred under a Hann taper, the output is missing; so
 * is what a missing spectrum has a share in.
 *
 * <p>Of a signal that was cut into centred blocks, {@code m} spectra tell the length only up to a
 * hop. As a stream it ends with the last sample that is certain to have been: of {@code n} samples,
 * up to {@code hop - 1} are cut off. {@link #whole} gives all.
 *
 * <p>Latency: as many spectra as fit into half a block if centred, none otherwise.
 *
 * @param stft how the spectra were made
 */
public record InverseStft(Stft stft) implements SignalTransform {
    /** The least sum of squared tapers that is divided by; that of {@code torch.istft}. */
    static final double LEAST_WEIGHT = 1e-11;

    public InverseStft {
        double[] weights = stft.taper().periodic(stft.length());
        for (int first = 0; first < stft.hop(); first++) {
            double sum = 0;
            for (int n = first; n < weights.length; n += stft.hop()) {
                sum += weights[n] * weights[n];
            }
            if (sum < LEAST_WEIGHT) {
                throw new InvalidInputException(
                        "istft: blocks of %d samples every %d leave samples out under this taper;"
                                        .formatted(stft.length(), stft.hop())
                                + " give a shorter hop, such as %d"
                                        .formatted(Math.max(1, stft.length() / 2)));
            }
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return synthesis(input);
    }

    private ShortTimeSynthesis synthesis(StreamShape input) {
        return new ShortTimeSynthesis(
                stft,
                new StreamShape(
                        SpectrumChannels.sources(input.channels(), stft.bins()),
                        samples(input.rate())));
    }

    private SampleRate samples(SampleRate rate) {
        try {
            return new SampleRate(
                    Math.multiplyExact(rate.numerator(), stft.hop()), rate.denominator());
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new InvalidInputException(
                    "istft: %d samples for each spectrum of %s are too fast a stream;"
                                    .formatted(stft.hop(), rate)
                            + " give the hop of the stft",
                    e);
        }
    }

    /**
     * All of a signal whose length is known.
     *
     * @param spectra {@code [channels of the spectra][spectra]}, as {@link
     *     io.thalamus.operators.signal.SignalChain#whole} gives them for a {@link Stft}
     * @param shape of the spectra
     * @param length samples of the signal
     * @return {@code [channels][length]}
     * @throws InvalidInputException if the spectra do not reach so far
     */
    public double[][] whole(double[][] spectra, StreamShape shape, int length) {
        ShortTimeSynthesis synthesis = synthesis(shape);
        TransformState state = synthesis.start();
        SampleBlock out = new SampleBlock(synthesis.outputShape().channels().size());
        synthesis.apply(SampleBlock.of(spectra), state, out);
        synthesis.finish(length, state, out);
        return out.toArrays();
    }
}
