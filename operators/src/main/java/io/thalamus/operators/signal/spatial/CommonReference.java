/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;

/**
 * Each channel minus the middle of all channels at the same sample, in some sense of middle. A
 * channel that is missing or infinite has no part in it, and comes out as missing.
 */
record CommonReference(StreamShape outputShape, CommonReference.Middle middle)
        implements PreparedTransform {

    /** What is taken away from each channel. */
    interface Middle {
        /** That of the finite ones among the values {@code [first, end)}; anything if none is. */
        double of(double[] values, int first, int end);
    }

    @Override
    public TransformState start() {
        return TransformState.none();
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        int channels = in.channels();
        int at = out.extend(in.length());
        double[] from = in.values();
        double[] to = out.values();
        for (int n = 0; n < in.length(); n++) {
            int sample = n * channels;
            double taken = middle.of(from, sample, sample + channels);
            for (int i = sample; i < sample + channels; i++) {
                to[at + i] = Double.isFinite(from[i]) ? from[i] - taken : Double.NaN;
            }
        }
    }
}
