/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Welch;
import io.thalamus.schemas.SampleRate;

/**
 * The mean power spectral density of a channel in each column, from blocks under a Hann taper
 * without their mean. Of a long recording only some blocks are looked at: a few in each column.
 */
final class ColumnSpectra {
    private static final int SHORTEST = 16;
    private static final int LONGEST = 512;
    private static final int BLOCKS_IN_A_COLUMN = 4;

    private final TimeColumns columns;
    private final double hertz;
    private final int length;
    private final int hop;
    private final Welch welch;
    private final double[] recent;
    private final float[][] sums;
    private final int[] counts;
    private long known;
    private long untilNext;
    private int at;

    ColumnSpectra(TimeColumns columns, SampleRate rate) {
        this.columns = columns;
        this.hertz = rate.hertz();
        double samples = hertz * columns.seconds();
        // At least 32 blocks one after the other, so that something is seen to change.
        int block = SHORTEST;
        while (2 * block <= Math.min(LONGEST, samples / 32)) {
            block *= 2;
        }
        length = block;
        hop = (int) Math.max(length / 8, samples / columns.count() / BLOCKS_IN_A_COLUMN);
        welch =
                new Welch(
                        length,
                        0,
                        StandardTaper.HANN,
                        Welch.Detrend.CONSTANT,
                        Welch.Scaling.DENSITY);
        recent = new double[length];
        sums = new float[columns.count()][];
        counts = new int[columns.count()];
    }

    /** Begins afresh, as what comes does not follow what came. */
    void restart() {
        known = 0;
        untilNext = 0;
    }

    /**
     * Adds the next value.
     *
     * @param nanos its time
     */
    void add(float value, double nanos) {
        recent[at] = value;
        at = (at + 1) % length;
        known++;
        if (known < length || untilNext-- > 0) {
            return;
        }
        untilNext = hop - 1;
        double[] block = new double[length];
        System.arraycopy(recent, at, block, 0, length - at);
        System.arraycopy(recent, 0, block, length - at, at);
        double[] density = welch.spectrogram(block, hertz)[0];
        if (!Double.isNaN(density[0])) {
            double middle = nanos - length / 2.0 / hertz * 1e9;
            double half = hop / 2.0 / hertz * 1e9;
            add(columns.at(middle - half), columns.after(middle - half, middle + half), density);
        }
    }

    private void add(int from, int to, double[] density) {
        for (int column = Math.max(0, from); column < Math.min(to, sums.length); column++) {
            if (sums[column] == null) {
                sums[column] = new float[density.length];
            }
            for (int f = 0; f < density.length; f++) {
                sums[column][f] += (float) density[f];
            }
            counts[column]++;
        }
    }

    /** Whether there is nothing but silence, or no block was whole. */
    boolean isEmpty() {
        for (float[] sum : sums) {
            for (int f = 0; sum != null && f < sum.length; f++) {
                if (sum[f] > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The highest frequency, in hertz. */
    double highestHertz() {
        return hertz / 2;
    }

    int frequencies() {
        return length / 2 + 1;
    }

    /** A density in decibels; NaN where it is not known, or there is silence. */
    double decibels(int column, int frequency) {
        double sum = sums[column] == null ? 0 : sums[column][frequency];
        return sum > 0 ? 10 * Math.log10(sum / counts[column]) : Double.NaN;
    }
}
