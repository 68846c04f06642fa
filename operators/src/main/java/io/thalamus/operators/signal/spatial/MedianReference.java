/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
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
        double[] sorted = new double[input.channels().size()];
        return new CommonReference(
                input, (values, first, end) -> median(values, first, end, sorted));
    }

    private static double median(double[] values, int first, int end, double[] sorted) {
        int present = 0;
        for (int i = first; i < end; i++) {
            if (Double.isFinite(values[i])) {
                sorted[present++] = values[i];
            }
        }
        Arrays.sort(sorted, 0, present);
        int middle = present / 2;
        return present % 2 == 1 || present == 0
                ? sorted[middle]
                : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
