/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import java.util.Arrays;

/**
 * Common median reference: each channel minus the median of all channels at the same sample, which
 * a few channels with artefacts do not move. Of an even number of channels the median is the mean
 * of the two middle ones, as NumPy has it. A channel that is missing at a sample, or infinite, is
 * left out of that sample's median and comes out as missing. Without memory or latency.
 */
public record MedianReference() implements SignalTransform {

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return new Middle(input, new double[input.channels().size()]);
    }

    /** With room to sort one sample's values. */
    private record Middle(StreamShape outputShape, double[] sorted) implements PreparedTransform {

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
                double median = median(from, sample, sample + channels);
                for (int i = sample; i < sample + channels; i++) {
                    to[at + i] = Double.isFinite(from[i]) ? from[i] - median : Double.NaN;
                }
            }
        }

        private double median(double[] values, int first, int end) {
            int present = 0;
            for (int i = first; i < end; i++) {
                if (Double.isFinite(values[i])) {
                    sorted[present++] = values[i];
                }
            }
            if (present == 0) {
                return Double.NaN;
            }
            Arrays.sort(sorted, 0, present);
            int middle = present / 2;
            return present % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }
}
