/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;

/**
 * {@link InverseStft} at work. It remembers the sums over the last block and nothing else, so that
 * a missing spectrum needs no guard: it spoils the samples of its own block.
 */
final class ShortTimeSynthesis implements PreparedTransform {
    private static final int SEEN = 0;
    private static final int GIVEN = 1;

    private final Stft stft;
    private final StreamShape outputShape;
    private final int channels;
    private final int length;
    private final double[] weights;
    private final RealFft fft;
    private final double[] series;
    private final double[] re;
    private final double[] im;

    ShortTimeSynthesis(Stft stft, StreamShape outputShape) {
        this.stft = stft;
        this.outputShape = outputShape;
        channels = outputShape.channels().size();
        length = stft.length();
        weights = stft.taper().periodic(length);
        fft = new RealFft(length);
        series = new double[length];
        re = new double[stft.bins()];
        im = new double[stft.bins()];
    }

    @Override
    public StreamShape outputShape() {
        return outputShape;
    }

    /** Centred blocks of even length leave it open whether their middle sample has been. */
    @Override
    public int latency() {
        return Math.max(stft.lead() / stft.hop(), certain(0) == 0 ? 1 : 0);
    }

    /** For each channel, and last for the squared tapers: the sums from where the block begins. */
    @Override
    public TransformState start() {
        return TransformState.zeros(2, (channels + 1) * length);
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        long[] counters = state.counters();
        for (int n = 0; n < in.length(); n++) {
            long spectrum = counters[SEEN];
            give(blockStart(spectrum), state, out);
            shift(state.values());
            add(in, n, state.values());
            counters[SEEN] = spectrum + 1;
            give(Math.min(blockStart(spectrum + 1), certain(spectrum)), state, out);
        }
    }

    /** Gives what is certain to have been in the signal. */
    @Override
    public void finish(TransformState state, SampleBlock out) {
        if (state.counters()[SEEN] > 0) {
            give(certain(state.counters()[SEEN] - 1), state, out);
        }
    }

    /**
     * Gives the rest of a signal whose length is known.
     *
     * @param samples its length
     * @throws InvalidInputException if the spectra do not reach so far
     */
    void finish(long samples, TransformState state, SampleBlock out) {
        long spectra = state.counters()[SEEN];
        long given = state.counters()[GIVEN];
        long reach = spectra == 0 ? 0 : blockStart(spectra - 1) + length;
        if (samples < given || samples > reach) {
            throw new InvalidInputException(
                    "istft: %d spectra are of a signal of %d to %d samples, not of %d"
                            .formatted(spectra, given, reach, samples));
        }
        give(samples, state, out);
    }

    private long blockStart(long spectrum) {
        return spectrum * stft.hop() - stft.lead();
    }

    /** The least length of a signal that has this spectrum. */
    private long certain(long spectrum) {
        return blockStart(spectrum) + length - stft.lead();
    }

    /** Gives the samples before one; the sums begin where the last block does. */
    private void give(long end, TransformState state, SampleBlock out) {
        long[] counters = state.counters();
        double[] sums = state.values();
        int count = (int) Math.max(0, end - counters[GIVEN]);
        int from = (int) (counters[GIVEN] - blockStart(counters[SEEN] - 1));
        int at = out.extend(count);
        for (int n = from; n < from + count; n++) {
            double weight = sums[channels * length + n];
            for (int channel = 0; channel < channels; channel++) {
                double sum = sums[channel * length + n];
                out.values()[at++] = weight < InverseStft.LEAST_WEIGHT ? Double.NaN : sum / weight;
            }
        }
        counters[GIVEN] += count;
    }

    /** Moves the sums to where the next block begins. */
    private void shift(double[] sums) {
        int hop = stft.hop();
        for (int first = 0; first < sums.length; first += length) {
            System.arraycopy(sums, first + hop, sums, first, length - hop);
            Arrays.fill(sums, first + length - hop, first + length, 0);
        }
    }

    private void add(SampleBlock in, int spectrum, double[] sums) {
        int bins = re.length;
        int at = spectrum * in.channels();
        for (int channel = 0; channel < channels; channel++) {
            boolean finite = true;
            for (int bin = 0; bin < bins; bin++) {
                re[bin] = in.values()[at++];
                im[bin] = in.values()[at++];
                finite &= Double.isFinite(re[bin]) && Double.isFinite(im[bin]);
            }
            fft.inverse(re, im, series);
            for (int n = 0; n < length; n++) {
                sums[channel * length + n] += finite ? series[n] * weights[n] : Double.NaN;
            }
        }
        for (int n = 0; n < length; n++) {
            sums[channels * length + n] += weights[n] * weights[n];
        }
    }
}
