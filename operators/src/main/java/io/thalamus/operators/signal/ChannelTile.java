/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

/**
 * A few neighbouring channels at a time, each as a series of its own: for transforms that work on
 * series, while blocks have their channels side by side. Taken one by one, channels that are many
 * would have each cache line of a block fetched again for every value in it.
 */
public final class ChannelTile {
    /** Channels at a time: as many as a cache line of 64 bytes has values. */
    private static final int WIDTH = 8;

    /** Samples at a time, so that their cache lines stay at hand until the last channel. */
    private static final int ROWS = 16;

    private final int channels;
    private final double[][] series;

    /**
     * @param channels of the blocks
     * @param length of the series
     */
    public ChannelTile(int channels, int length) {
        this.channels = channels;
        this.series = new double[Math.min(WIDTH, channels)][length];
    }

    /** How many channels are taken at a time; the last ones may be fewer. */
    public int width() {
        return series.length;
    }

    /** How many channels there are from one on, at most the width. */
    public int countFrom(int firstChannel) {
        return Math.min(series.length, channels - firstChannel);
    }

    /** The series of a channel, counted from the first of those that are taken. */
    public double[] series(int index) {
        return series[index];
    }

    /**
     * Sets samples of the series.
     *
     * @param firstChannel the first of the channels that are taken
     * @param values sample by sample, as {@link SampleBlock#values}
     * @param at where the first sample of all channels begins
     * @param offset where it goes in the series
     */
    public void read(int firstChannel, double[] values, int at, int offset, int samples) {
        int count = countFrom(firstChannel);
        for (int from = 0; from < samples; from += ROWS) {
            int to = Math.min(from + ROWS, samples);
            for (int i = 0; i < count; i++) {
                double[] into = series[i];
                int place = at + from * channels + firstChannel + i;
                for (int n = from; n < to; n++) {
                    into[offset + n] = values[place];
                    place += channels;
                }
            }
        }
    }

    /**
     * Takes samples from the series.
     *
     * @param firstChannel the first of the channels that are given
     * @param values sample by sample, as {@link SampleBlock#values}
     * @param at where the first sample of all channels begins
     * @param offset where it lies in the series
     */
    public void write(int firstChannel, double[] values, int at, int offset, int samples) {
        int count = countFrom(firstChannel);
        for (int from = 0; from < samples; from += ROWS) {
            int to = Math.min(from + ROWS, samples);
            for (int i = 0; i < count; i++) {
                double[] out = series[i];
                int place = at + from * channels + firstChannel + i;
                for (int n = from; n < to; n++) {
                    values[place] = out[offset + n];
                    place += channels;
                }
            }
        }
    }
}
