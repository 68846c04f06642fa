/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import java.util.Arrays;

/**
 * The convolution of each channel with a symmetric response, sum by sum. The state holds the last
 * {@code taps - 1} input samples.
 */
final class DirectConvolution implements PreparedTransform {
    private final StreamShape shape;
    private final double[] response;
    private final int remembered;

    /** What is remembered, and the block behind it. */
    private double[] joined = new double[0];

    DirectConvolution(StreamShape shape, double[] response) {
        this.shape = shape;
        this.response = response;
        this.remembered = (response.length - 1) * shape.channels().size();
    }

    @Override
    public StreamShape outputShape() {
        return shape;
    }

    @Override
    public double groupDelay() {
        return (response.length - 1) / 2.0;
    }

    @Override
    public TransformState start() {
        return TransformState.zeros(0, remembered);
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        int count = in.length() * in.channels();
        if (remembered + count > joined.length) {
            joined = Arrays.copyOf(joined, Math.max(remembered + count, 2 * joined.length));
        }
        System.arraycopy(state.values(), 0, joined, 0, remembered);
        System.arraycopy(in.values(), 0, joined, remembered, count);
        int at = out.extend(in.length());
        sums(response, joined, in.channels(), out.values(), at, count);
        System.arraycopy(joined, count, state.values(), 0, remembered);
    }

    /**
     * Four neighbours at a time, be they channels or samples, whose sums do not wait for each
     * other. As the response is symmetric, it need not be reversed.
     */
    private static void sums(
            double[] response, double[] in, int channels, double[] out, int at, int count) {
        int i = 0;
        for (; i + 3 < count; i += 4) {
            double first = 0;
            double second = 0;
            double third = 0;
            double fourth = 0;
            int from = i;
            for (double tap : response) {
                first += tap * in[from];
                second += tap * in[from + 1];
                third += tap * in[from + 2];
                fourth += tap * in[from + 3];
                from += channels;
            }
            out[at + i] = first;
            out[at + i + 1] = second;
            out[at + i + 2] = third;
            out[at + i + 3] = fourth;
        }
        for (; i < count; i++) {
            double sum = 0;
            int from = i;
            for (double tap : response) {
                sum += tap * in[from];
                from += channels;
            }
            out[at + i] = sum;
        }
    }
}
