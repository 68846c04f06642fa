/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import java.util.Arrays;

/**
 * Of what a transform gives, the mean of so many samples, and then of so many more; what follows
 * the last whole number of them is left out. Behind the state of the transform: how many have come,
 * and for each channel their sum, already divided.
 */
final class Averaging implements PreparedTransform {
    private final PreparedTransform inner;
    private final int count;

    /** Input samples for each that the transform inside gives. */
    private final int hop;

    private final StreamShape outputShape;
    private final int seenAt;
    private final int sumsAt;
    private final SampleBlock given;

    Averaging(PreparedTransform inner, int count, int hop) {
        this.inner = inner;
        this.count = count;
        this.hop = hop;
        StreamShape shape = inner.outputShape();
        outputShape = new StreamShape(shape.channels(), Stft.everyOf("welch", count, shape.rate()));
        TransformState state = inner.start();
        seenAt = state.counters().length;
        sumsAt = state.values().length;
        given = new SampleBlock(shape.channels().size());
    }

    @Override
    public StreamShape outputShape() {
        return outputShape;
    }

    @Override
    public int latency() {
        return Math.addExact(inner.latency(), Math.multiplyExact(count - 1, hop));
    }

    /** The middle of the samples that are averaged is later than the time of the first. */
    @Override
    public double groupDelay() {
        return inner.groupDelay() - (count - 1) * (double) hop / 2;
    }

    @Override
    public TransformState start() {
        TransformState state = inner.start();
        return new TransformState(
                Arrays.copyOf(state.counters(), seenAt + 1),
                Arrays.copyOf(state.values(), sumsAt + given.channels()));
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        given.clear();
        inner.apply(in, state, given);
        double[] sums = state.values();
        int channels = given.channels();
        for (int n = 0; n < given.length(); n++) {
            for (int channel = 0; channel < channels; channel++) {
                sums[sumsAt + channel] += given.values()[n * channels + channel] / count;
            }
            if (++state.counters()[seenAt] % count == 0) {
                int at = out.extend(1);
                System.arraycopy(sums, sumsAt, out.values(), at, channels);
                Arrays.fill(sums, sumsAt, sumsAt + channels, 0);
            }
        }
    }
}
