/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;

/**
 * A {@link Stft} at work, and what is read off its spectra. It remembers the last {@code length}
 * samples and nothing else, so that a missing value needs no guard: it spoils the spectra of the
 * blocks that it lies in.
 */
final class ShortTimeAnalysis implements PreparedTransform {
    private static final int SEEN = 0;
    private static final int GIVEN = 1;

    private final Stft stft;
    private final int channels;
    private final StreamShape outputShape;
    private final Welch.Detrend detrend;
    private final SpectrumReading reading;
    private final int valuesEach;
    private final int length;
    private final int lead;
    private final double[] weights;
    private final RealFft fft;
    private final double[] series;

    /** Where the samples of a block stand among those that are remembered. */
    private final int[] places;

    private final double[] re;
    private final double[] im;

    /**
     * @param channels of the input, each of which gives as many of the output
     */
    ShortTimeAnalysis(
            Stft stft,
            int channels,
            StreamShape outputShape,
            Welch.Detrend detrend,
            SpectrumReading reading) {
        this.stft = stft;
        this.channels = channels;
        this.outputShape = outputShape;
        this.detrend = detrend;
        this.reading = reading;
        valuesEach = outputShape.channels().size() / channels;
        length = stft.length();
        lead = stft.lead();
        weights = stft.taper().periodic(length);
        fft = new RealFft(length);
        series = new double[length];
        places = new int[length];
        re = new double[stft.bins()];
        im = new double[stft.bins()];
    }

    @Override
    public StreamShape outputShape() {
        return outputShape;
    }

    /** Centred, the first block needs sample {@code length / 2} for its reflection. */
    @Override
    public int latency() {
        return stft.centred() ? lead : length - 1;
    }

    /** The middle of a block that is not centred is later than its time. */
    @Override
    public double groupDelay() {
        return stft.centred() ? 0 : -length / 2.0;
    }

    /** Sample {@code n} of a segment lies in row {@code n % length}. */
    @Override
    public TransformState start() {
        return TransformState.zeros(2, length * channels);
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        long[] counters = state.counters();
        for (int taken = 0; taken < in.length(); ) {
            long seen = counters[SEEN];
            long due = due(counters[GIVEN]);
            int row = (int) (seen % length);
            int rows = (int) Math.min(Math.min(in.length() - taken, length - row), due - seen);
            System.arraycopy(
                    in.values(), taken * channels, state.values(), row * channels, rows * channels);
            taken += rows;
            counters[SEEN] = seen + rows;
            while (due(counters[GIVEN]) == counters[SEEN]) {
                give(state, out);
            }
        }
    }

    /** Gives the blocks that reach beyond the end of the segment, but not beyond its reflection. */
    @Override
    public void finish(TransformState state, SampleBlock out) {
        long[] counters = state.counters();
        long seen = counters[SEEN];
        if (seen > lead) {
            while (blockEnd(counters[GIVEN]) <= seen + lead) {
                give(state, out);
            }
        }
    }

    private long blockEnd(long spectrum) {
        return spectrum * stft.hop() - lead + length;
    }

    /** How many samples must have been seen for a spectrum. */
    private long due(long spectrum) {
        return Math.max(blockEnd(spectrum), lead + 1);
    }

    private void give(TransformState state, SampleBlock out) {
        long seen = state.counters()[SEEN];
        long first = state.counters()[GIVEN]++ * stft.hop() - lead;
        int at = out.extend(1);
        for (int i = 0; i < length; i++) {
            places[i] = (int) (inside(first + i, seen) % length) * channels;
        }
        double[] values = state.values();
        for (int channel = 0; channel < channels; channel++) {
            double level = detrend == Welch.Detrend.CONSTANT ? mean(values, channel) : 0;
            for (int i = 0; i < length; i++) {
                double value = values[places[i] + channel] - level;
                series[i] = Double.isFinite(value) ? value * weights[i] : Double.NaN;
            }
            fft.forward(series, re, im);
            reading.read(re, im, out.values(), at + channel * valuesEach);
        }
    }

    private double mean(double[] values, int channel) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += values[places[i] + channel];
        }
        return sum / length;
    }

    /** The sample that stands where a reflected one is wanted. */
    private static long inside(long sample, long seen) {
        long positive = Math.abs(sample);
        return positive < seen ? positive : 2 * (seen - 1) - positive;
    }
}
