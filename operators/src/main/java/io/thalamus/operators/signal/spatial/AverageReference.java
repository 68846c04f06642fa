/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;

/**
 * Common average reference: each channel minus the mean of all channels at the same sample. A
 * channel that is missing at a sample, or infinite, is left out of that sample's mean and comes out
 * as missing. Without memory or latency; units stay (Ludwig et al., "Using a Common Average
 * Reference to Improve Cortical Neuron Recordings From Microelectrode Arrays", Journal of
 * Neurophysiology 101, 2009).
 */
public record AverageReference() implements SignalTransform {

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return new CommonReference(input, AverageReference::mean);
    }

    private static double mean(double[] values, int first, int end) {
        double sum = 0;
        int present = 0;
        for (int i = first; i < end; i++) {
            if (Double.isFinite(values[i])) {
                sum += values[i];
                present++;
            }
        }
        return sum / present;
    }
}
