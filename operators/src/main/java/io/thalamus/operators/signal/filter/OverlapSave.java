/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.ChannelTile;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.fourier.RealFft;
import java.util.Arrays;

/**
 * The convolution of each channel with a response by FFT (overlap-save: Oppenheim and Schafer,
 * Discrete-Time Signal Processing, section 8.7.3). Block {@code k} covers the samples {@code [k *
 * hop, (k + 1) * hop)} of the segment, whatever blocks they come in, and is computed when the last
 * of them has come, or the segment has ended. The state holds the {@code taps - 1} samples before
 * the block, and those of the block that have come.
 */
final class OverlapSave implements PreparedTransform {
    private final StreamShape shape;
    private final int channels;
    private final int overlap;
    private final int hop;
    private final RealFft fft;
    private final double[] responseReal;
    private final double[] responseImaginary;
    private final ChannelTile tile;
    private final double[] real;
    private final double[] imaginary;

    OverlapSave(StreamShape shape, double[] response) {
        this.shape = shape;
        this.channels = shape.channels().size();
        this.overlap = response.length - 1;
        int size = Integer.highestOneBit(4 * response.length - 1) * 2;
        this.hop = size - overlap;
        this.fft = new RealFft(size);
        this.tile = new ChannelTile(channels, size);
        this.responseReal = new double[fft.bins()];
        this.responseImaginary = new double[fft.bins()];
        this.real = new double[fft.bins()];
        this.imaginary = new double[fft.bins()];
        fft.forward(Arrays.copyOf(response, size), responseReal, responseImaginary);
    }

    @Override
    public StreamShape outputShape() {
        return shape;
    }

    @Override
    public int latency() {
        return hop - 1;
    }

    @Override
    public double groupDelay() {
        return overlap / 2.0;
    }

    @Override
    public TransformState start() {
        return TransformState.zeros(1, (overlap + hop) * channels);
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        double[] held = state.values();
        int taken = 0;
        while (taken < in.length()) {
            int pending = pending(state);
            int count = Math.min(hop - pending, in.length() - taken);
            System.arraycopy(
                    in.values(),
                    taken * channels,
                    held,
                    (overlap + pending) * channels,
                    count * channels);
            taken += count;
            state.counters()[0] += count;
            if (pending + count == hop) {
                filter(held, hop, out);
                System.arraycopy(held, hop * channels, held, 0, overlap * channels);
            }
        }
    }

    @Override
    public void finish(TransformState state, SampleBlock out) {
        int pending = pending(state);
        int end = (overlap + hop) * channels;
        Arrays.fill(state.values(), (overlap + pending) * channels, end, 0);
        filter(state.values(), pending, out);
    }

    /** Samples of the block under way that have come. */
    private int pending(TransformState state) {
        return (int) (state.counters()[0] % hop);
    }

    /** Gives the first samples of the block. */
    private void filter(double[] held, int samples, SampleBlock out) {
        int at = out.extend(samples);
        for (int first = 0; first < channels; first += tile.width()) {
            tile.read(first, held, 0, 0, overlap + hop);
            for (int i = 0; i < tile.countFrom(first); i++) {
                convolve(tile.series(i));
            }
            // What comes before the overlap has wrapped around.
            tile.write(first, out.values(), at, overlap, samples);
        }
    }

    private void convolve(double[] series) {
        fft.forward(series, real, imaginary);
        for (int f = 0; f < real.length; f++) {
            double product = real[f] * responseReal[f] - imaginary[f] * responseImaginary[f];
            imaginary[f] = real[f] * responseImaginary[f] + imaginary[f] * responseReal[f];
            real[f] = product;
        }
        fft.inverse(real, imaginary, series);
    }
}
