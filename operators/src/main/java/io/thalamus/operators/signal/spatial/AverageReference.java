/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;

/**
 * Common average reference: each channel minus the mean of all channels at the same sample. A
 * channel that is missing at a sample, or infinite, is left out of that sample's mean and comes out
 * as missing. Without memory or latency.
 */
public record AverageReference() implements SignalTransform {

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return new Averaging(input);
    }

    private record Averaging(StreamShape outputShape) implements PreparedTransform {

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
                double sum = 0;
                int present = 0;
                for (int i = sample; i < sample + channels; i++) {
                    if (Double.isFinite(from[i])) {
                        sum += from[i];
                        present++;
                    }
                }
                double mean = sum / present;
                for (int i = sample; i < sample + channels; i++) {
                    to[at + i] = Double.isFinite(from[i]) ? from[i] - mean : Double.NaN;
                }
            }
        }
    }
}
