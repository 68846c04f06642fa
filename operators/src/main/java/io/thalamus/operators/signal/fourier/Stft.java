/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.List;

/**
 * The short-time Fourier transform: a spectrum every hop, of a block of the signal under a periodic
 * taper, one-sided and not normalised, as {@code torch.stft} has it. The block of spectrum {@code
 * m} is {@code [m * hop, m * hop + length)}; centred, it is {@code [m * hop - length / 2, m * hop -
 * length / 2 + length)}, and a segment is reflected at its first and its last sample to fill the
 * blocks that reach beyond it.
 *
 * <p>Its output is a stream of {@code rate / hop}, whose sample {@code m} is spectrum {@code m}.
 * Each input channel, such as {@code mic}, gives {@code 2 * (length / 2 + 1)} channels: the real
 * and imaginary part of bin 0, of bin 1 and so on, named {@code mic:re0}, {@code mic:im0}, {@code
 * mic:re1} ... The unit is that of the input. Bin {@code k} is at {@code k * rate / length} Hz.
 *
 * <p>Latency: {@code length / 2} samples if centred, {@code length - 1} otherwise. A block in which
 * a value is missing or infinite gives a spectrum that is missing, in that channel. A segment of at
 * most {@code length / 2} samples cannot be reflected, and gives nothing if centred.
 *
 * @param length samples of a block, at least 2
 * @param hop samples from a block to the next, at least 1; it may exceed the length
 * @param taper the weights of a block
 * @param centred whether spectrum {@code m} describes the signal around sample {@code m * hop}
 */
public record Stft(int length, int hop, Taper taper, boolean centred) implements SignalTransform {

    public Stft {
        if (length < 2 || hop < 1) {
            throw new InvalidInputException(
                    "stft: length is %d and hop is %d; give at least 2 samples and 1 sample"
                            .formatted(length, hop));
        }
    }

    /** Frequencies of a spectrum: {@code length / 2 + 1}. */
    public int bins() {
        return length / 2 + 1;
    }

    /**
     * How many samples a block begins before the one whose time it has.
     *
     * @return half the length if centred, otherwise 0
     */
    int lead() {
        return centred ? length / 2 : 0;
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return analysis(input, SpectrumChannels.parts(bins()), Stft::parts);
    }

    private static void parts(double[] re, double[] im, double[] to, int at) {
        for (int bin = 0; bin < re.length; bin++) {
            to[at + 2 * bin] = re[bin];
            to[at + 2 * bin + 1] = im[bin];
        }
    }

    /**
     * Prepares a transform that reads something off the spectra.
     *
     * @param names what each value of the reading is called, behind the channel's name
     */
    PreparedTransform analysis(StreamShape input, List<String> names, SpectrumReading reading) {
        return analysis(input, names, Welch.Detrend.NONE, reading);
    }

    /**
     * The same, of blocks from which something is taken away before they are tapered.
     *
     * @param detrend what is taken away
     */
    PreparedTransform analysis(
            StreamShape input, List<String> names, Welch.Detrend detrend, SpectrumReading reading) {
        return new ShortTimeAnalysis(
                this,
                input.channels().size(),
                new StreamShape(
                        SpectrumChannels.of(input.channels(), names),
                        everyOf("stft", hop, input.rate())),
                detrend,
                reading);
    }

    /**
     * The rate of a stream that has a spectrum every so many samples of another.
     *
     * @param type the transform's name, for errors
     */
    static SampleRate everyOf(String type, int samples, SampleRate rate) {
        try {
            return new SampleRate(
                    rate.numerator(), Math.multiplyExact(rate.denominator(), samples));
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new InvalidInputException(
                    "%s: a spectrum every %d samples of %s is too slow a stream; give fewer samples"
                            .formatted(type, samples, rate),
                    e);
        }
    }
}
