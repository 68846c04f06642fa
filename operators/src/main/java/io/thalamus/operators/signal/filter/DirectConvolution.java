/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TapSums;
import io.thalamus.operators.signal.TransformState;

/**
 * The convolution of each channel with a symmetric response, sum by sum. The state holds the last
 * {@code taps - 1} input samples.
 */
final class DirectConvolution implements PreparedTransform {
    private final StreamShape shape;
    private final double[] response;
    private final Past past;

    DirectConvolution(StreamShape shape, double[] response) {
        this.shape = shape;
        this.response = response;
        this.past = new Past((response.length - 1) * shape.channels().size());
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
        return TransformState.zeros(0, past.values());
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        double[] joined = past.join(in, state);
        int count = in.length() * in.channels();
        int at = out.extend(in.length());
        // As the response is symmetric, it need not be reversed.
        TapSums.ofNeighbours(
                response, 0, response.length, joined, 0, in.channels(), out.values(), at, count);
        past.keep(in, state);
    }
}
