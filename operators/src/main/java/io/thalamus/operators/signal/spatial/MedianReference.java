/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;

/**
 * Common median reference: each channel minus the median of all channels at the same sample, which
 * a few channels with artefacts do not move. Of an even number of channels the median is the mean
 * of the two middle ones, as NumPy has it. A channel that is missing at a sample, or infinite, is
 * left out of that sample's median and comes out as missing. Without memory or latency; units stay
 * (Rolston, Gross and Potter, "Common Median Referencing for Improved Action Potential Detection
 * with Multielectrode Arrays", IEEE EMBC 2009).
 */
public record MedianReference() implements SignalTransform {

    @Override
    public PreparedTransform prepare(StreamShape input) {
        double[] present = new double[input.channels().size()];
        return new CommonReference(
                input, (values, first, end) -> median(values, first, end, present));
    }

    private static double median(double[] values, int first, int end, double[] present) {
        int count = 0;
        for (int i = first; i < end; i++) {
            if (Double.isFinite(values[i])) {
                present[count++] = values[i];
            }
        }
        int middle = count / 2;
        select(present, count, middle);
        if (count % 2 == 1 || count == 0) {
            return present[middle];
        }
        double below = present[0];
        for (int i = 1; i < middle; i++) {
            below = Math.max(below, present[i]);
        }
        return (below + present[middle]) / 2;
    }

    /**
     * Puts the value in its place that would be there if all were sorted, none that is larger
     * before it and none that is smaller behind it (Hoare, "Algorithm 65: Find", Communications of
     * the ACM 4, 1961).
     */
    private static void select(double[] values, int count, int place) {
        int first = 0;
        int last = count - 1;
        while (first < last) {
            double pivot = values[(first + last) / 2];
            int up = first;
            int down = last;
            while (up <= down) {
                while (values[up] < pivot) {
                    up++;
                }
                while (values[down] > pivot) {
                    down--;
                }
                if (up <= down) {
                    double smaller = values[down];
                    values[down--] = values[up];
                    values[up++] = smaller;
                }
            }
            if (place <= down) {
                last = down;
            } else if (place >= up) {
                first = up;
            } else {
                return;
            }
        }
    }
}
