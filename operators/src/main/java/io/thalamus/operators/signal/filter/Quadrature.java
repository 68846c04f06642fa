/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TapSums;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.fourier.Taper;

/**
 * The magnitude of each channel and its Hilbert transform, {@code (taps - 1) / 2} samples late. The
 * response is {@code 2 / (pi k)} for odd {@code k}, counted from its middle, and 0 for even ones,
 * which are left out of the sums. The state holds the last {@code taps - 1} input samples.
 */
final class Quadrature implements PreparedTransform {
    private final StreamShape shape;
    private final Past past;
    private final int middle;

    /** Those for odd {@code k}, falling. */
    private final double[] response;

    /** Samples before the middle that the sums reach: the middle, or one less. */
    private final int reach;

    Quadrature(StreamShape shape, int taps, Taper taper) {
        this.shape = shape;
        this.past = new Past((taps - 1) * shape.channels().size());
        this.middle = (taps - 1) / 2;
        this.reach = middle % 2 == 0 ? middle - 1 : middle;
        this.response = new double[reach + 1];
        double[] weights = taper.symmetric(taps);
        for (int i = 0; i < response.length; i++) {
            int k = reach - 2 * i;
            response[i] = 2 / (Math.PI * k) * weights[middle + k];
        }
    }

    @Override
    public StreamShape outputShape() {
        return shape;
    }

    @Override
    public double groupDelay() {
        return middle;
    }

    @Override
    public TransformState start() {
        return TransformState.zeros(0, past.values());
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        int channels = in.channels();
        int count = in.length() * channels;
        double[] joined = past.join(in, state);
        int at = out.extend(in.length());
        double[] to = out.values();
        int from = (middle - reach) * channels;
        TapSums.ofNeighbours(
                response, 0, response.length, joined, from, 2 * channels, to, at, count);
        for (int i = 0; i < count; i++) {
            double re = joined[middle * channels + i];
            to[at + i] = Math.sqrt(re * re + to[at + i] * to[at + i]);
        }
        past.keep(in, state);
    }
}
