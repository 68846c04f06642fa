/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.Rows;
import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;

/**
 * Sums over windows of what is in their maps, first of each place, then of each channel. A place is
 * the same index in all arrays, so that the compiler makes vectors of the loops over a window; of
 * those over a row as short as a channel's it does not.
 */
final class WindowSum {
    private int time;
    private float[] sums = new float[0];
    private float[] products = new float[0];
    private float[] values = new float[0];
    private float[] others = new float[0];
    private float[] centres = new float[0];

    /** Begins anew, with no window. */
    void clear(int channels, int length) {
        time = length;
        if (sums.length != channels * time) {
            sums = new float[channels * time];
            products = new float[sums.length];
            values = new float[sums.length];
            others = new float[sums.length];
            centres = new float[sums.length];
        }
        Arrays.fill(sums, 0);
        Arrays.fill(products, 0);
    }

    /** Adds all windows. */
    void add(Tensor windows) {
        for (int at = 0; at < windows.size(); at += sums.length) {
            System.arraycopy(windows.data(), at, values, 0, values.length);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += values[i];
            }
        }
    }

    /** Adds the squares of the distances of all windows to the centre of each channel. */
    void addSquares(Tensor windows, double[] channelCentres) {
        spread(channelCentres);
        for (int at = 0; at < windows.size(); at += sums.length) {
            System.arraycopy(windows.data(), at, values, 0, values.length);
            for (int i = 0; i < sums.length; i++) {
                float distance = values[i] - centres[i];
                products[i] += distance * distance;
            }
        }
    }

    /**
     * Adds all windows, and all windows times the distances of others to the centre of each
     * channel.
     */
    void add(Tensor windows, Tensor other, double[] channelCentres) {
        spread(channelCentres);
        for (int at = 0; at < windows.size(); at += sums.length) {
            System.arraycopy(windows.data(), at, values, 0, values.length);
            System.arraycopy(other.data(), at, others, 0, others.length);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += values[i];
                products[i] += values[i] * (others[i] - centres[i]);
            }
        }
    }

    private void spread(double[] channelCentres) {
        for (int at = 0; at < centres.length; at += time) {
            Arrays.fill(centres, at, at + time, (float) channelCentres[at / time]);
        }
    }

    /** The sum of a channel's values. */
    double channel(int channel) {
        return Rows.sum(sums, channel * time, time);
    }

    /** The sum of its products or squares. */
    double product(int channel) {
        return Rows.sum(products, channel * time, time);
    }
}
